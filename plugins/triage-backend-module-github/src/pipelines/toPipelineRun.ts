// SPDX-License-Identifier: Apache-2.0
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import { z } from 'zod';

/** What of GitHub's `workflow-run` is read, in webhooks and in the API. @public */
export const workflowRunSchema = z.object({
  id: z.int().positive(),
  name: z.string().nullish(),
  path: z.string().nullish(),
  run_attempt: z.int().min(1).default(1),
  workflow_id: z.int(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  head_branch: z.string().nullish(),
  head_sha: z.string().regex(/^[0-9a-f]{7,64}$/),
  html_url: z.url({ protocol: /^https?$/ }).max(2_000),
  updated_at: z.string(),
  head_repository: z.object({ full_name: z.string() }).nullish(),
});

/** A `workflow-run` of GitHub, as {@link workflowRunSchema} reads it. @public */
export type WorkflowRun = z.infer<typeof workflowRunSchema>;

const FAILED = ['failure', 'timed_out', 'startup_failure'];

/** A run of GitHub in triage's terms. @public */
export function toPipelineRun(
  run: WorkflowRun,
  where: { host: string; repository: string; defaultBranch: string },
): PipelineRun {
  const head = run.head_repository?.full_name ?? where.repository;
  const isFork = head.toLowerCase() !== where.repository.toLowerCase();
  const branch = run.head_branch ?? '';
  return {
    source: 'github',
    host: where.host,
    repository: where.repository,
    runId: String(run.id),
    runAttempt: run.run_attempt,
    workflow: run.name || run.path || String(run.workflow_id),
    workflowId: String(run.workflow_id),
    // `main` of a fork is not ours, and GitHub names it so.
    branch: isFork ? `${head.split('/')[0]}:${branch}` : branch,
    isDefaultBranch: !isFork && branch === where.defaultBranch,
    commit: run.head_sha,
    url: run.html_url,
    result: toResult(run),
    endedAt: Date.parse(run.updated_at) || Date.now(),
  };
}

function toResult({ status, conclusion }: WorkflowRun): PipelineRun['result'] {
  if (status !== 'completed' || !conclusion) {
    return 'other';
  }
  if (FAILED.includes(conclusion)) {
    return 'failed';
  }
  return conclusion === 'success' ? 'passed' : 'other';
}
