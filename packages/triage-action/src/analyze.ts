// SPDX-License-Identifier: Apache-2.0
import {
  collectEvidence,
  toPipelineRun,
  workflowRunSchema,
} from '@greenroom/plugin-triage-backend-module-github';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { createPipelineReport } from '@greenroom/triage-engine';
import { createLlm } from './createLlm';
import type { GithubRepository } from './GithubRepository';
import type { RunInputs } from './readInputs';

const COLLECT_TIMEOUT_MS = 5 * 60_000;

/**
 * The report of a failed run, from what GitHub has of it: collected and judged as
 * the portal does, so that it has the same signature. Nothing is checked out,
 * executed or posted.
 */
export async function analyze(
  repository: GithubRepository,
  inputs: RunInputs,
): Promise<TriageReport> {
  const llm = createLlm(inputs.gemini);
  const attempt = await repository.attempt(inputs.runId, inputs.runAttempt);
  const run = toPipelineRun(workflowRunSchema.parse(attempt), {
    host: new URL(attempt.html_url).host,
    repository: repository.fullName,
    defaultBranch: await repository.defaultBranch(),
  });
  const { knownSecrets, close, ...evidence } = await collectEvidence(
    repository.client,
    run,
    AbortSignal.timeout(COLLECT_TIMEOUT_MS),
  );
  const { runId: id, runAttempt, url, commit, branch, workflow } = run;
  try {
    const report = await createPipelineReport(
      {
        incident: {
          repository: repository.fullName,
          workflow,
          run: { id, attempt: runAttempt, url, branch, commit },
        },
        ...evidence,
      },
      {
        llm,
        knownSecrets: {
          ...knownSecrets,
          ...(inputs.gemini.apiKey && {
            'gemini-api-key': inputs.gemini.apiKey,
          }),
        },
      },
    );
    return {
      ...report,
      // GitHub's own words, by which the other job knows whose report it is.
      incident: {
        ...report.incident,
        repository: repository.fullName,
        run: { ...report.incident.run, id, attempt: runAttempt, url, commit },
      },
    };
  } finally {
    await close();
  }
}
