// SPDX-License-Identifier: Apache-2.0
import type {
  PipelineEvidence,
  PipelineRun,
} from '@greenroom/plugin-triage-node';
import {
  createRedactor,
  unpackReports,
  unpackRunLogs,
  type ReportFile,
  type RunLogs,
} from '@greenroom/triage-engine';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { download } from '../client/download';
import type { GithubClient } from '../client/GithubClients';
import { orNone } from '../client/toGithubError';
import { collectComparison } from './collectComparison';
import { readJobs, toDurations, toFacts } from './readJobs';

const MAX_LOGS = 200 * 1024 * 1024;
const MAX_ARTIFACT = 20 * 1024 * 1024;
const MAX_ARTIFACTS = 10;
/** Names that artifacts with reports have; models and images are not fetched. */
const REPORTS = /report|result|test|junit|sarif|scan|lint|audit|gate|metric/i;

const NO_LOGS: RunLogs = {
  jobs: [],
  errors: [
    {
      stage: 'collect',
      code: 'no-logs',
      message: 'GitHub has no logs of this run any more, or they are too large',
    },
  ],
  close: async () => {},
};

/**
 * Reads what explains a failed run. Nothing is checked out, nothing is executed.
 *
 * @throws RetryLaterError where GitHub does not answer, or asks to wait
 * @public
 */
export async function collectEvidence(
  client: GithubClient,
  run: PipelineRun,
  signal: AbortSignal,
): Promise<PipelineEvidence> {
  const folder = await mkdtemp(path.join(tmpdir(), 'greenroom-triage-'));
  const open: RunLogs[] = [];
  const close = async () => {
    await Promise.all(open.map(logs => logs.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const collected = await collect(client, run, { folder, open, signal });
    return {
      ...collected,
      knownSecrets: { 'github-token': client.token },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function collect(
  client: GithubClient,
  run: PipelineRun,
  options: { folder: string; open: RunLogs[]; signal: AbortSignal },
) {
  const { folder, open, signal } = options;
  const ref = { id: run.runId, attempt: run.runAttempt };
  const [jobs, green, isProtected] = await Promise.all([
    readJobs(client, ref, signal),
    findGreen(client, run, signal),
    readIsProtected(client, run),
  ]);
  const greenRef = green && {
    id: String(green.id),
    attempt: green.run_attempt ?? 1,
  };
  const [logs, passingLogs, reports, greenJobs] = await Promise.all([
    readLogs(client, ref, path.join(folder, 'failed.zip'), signal),
    greenRef &&
      readLogs(client, greenRef, path.join(folder, 'passed.zip'), signal),
    readReports(client, run, path.join(folder, 'reports'), signal),
    greenRef ? readJobs(client, greenRef, signal) : [],
  ]);
  open.push(...[logs, passingLogs].flatMap(each => each ?? []));
  const compare =
    green &&
    (await collectComparison(client, {
      base: green.head_sha,
      head: run.commit,
      durations: { failed: toDurations(jobs), green: toDurations(greenJobs) },
      signal,
    }));
  return {
    logs: logs ?? NO_LOGS,
    passingLogs,
    reports,
    facts: {
      conclusion: 'failure',
      sameCommitPassed: green?.head_sha === run.commit,
      ...(await toFacts(client, jobs, signal)),
    },
    compare,
    isProtected: run.isDefaultBranch || isProtected,
  };
}

async function readLogs(
  client: GithubClient,
  { id, attempt }: { id: string; attempt: number },
  file: string,
  signal: AbortSignal,
): Promise<RunLogs | undefined> {
  const { owner, repo } = client;
  const isThere = await download(
    client,
    `/repos/${owner}/${repo}/actions/runs/${id}/attempts/${attempt}/logs`,
    file,
    { maxBytes: MAX_LOGS, signal },
  );
  return isThere ? unpackRunLogs(file) : undefined;
}

/** The last run of the workflow that passed: on the same branch, else on any. */
async function findGreen(
  { octokit, owner, repo }: GithubClient,
  run: PipelineRun,
  signal: AbortSignal,
) {
  for (const branch of [run.branch, undefined]) {
    const answer = await orNone(
      octokit.actions.listWorkflowRuns({
        owner,
        repo,
        workflow_id: Number(run.workflowId),
        branch,
        status: 'success',
        per_page: 5,
        request: { signal },
      }),
    );
    const earlier = answer?.data.workflow_runs.find(
      each => String(each.id) !== run.runId,
    );
    if (earlier) {
      return earlier;
    }
  }
  return undefined;
}

async function readIsProtected(
  { octokit, owner, repo }: GithubClient,
  { branch }: PipelineRun,
): Promise<boolean> {
  const answer =
    branch && !branch.includes(':')
      ? await orNone(octokit.repos.getBranch({ owner, repo, branch }))
      : undefined;
  return answer?.data.protected ?? false;
}

async function readReports(
  client: GithubClient,
  run: PipelineRun,
  folder: string,
  signal: AbortSignal,
): Promise<ReportFile[]> {
  const { octokit, owner, repo } = client;
  const answer = await orNone(
    octokit.actions.listWorkflowRunArtifacts({
      owner,
      repo,
      run_id: Number(run.runId),
      per_page: 100,
      request: { signal },
    }),
  );
  const artifacts = (answer?.data.artifacts ?? [])
    .filter(
      ({ name, expired, size_in_bytes: size }) =>
        REPORTS.test(name) && !expired && size <= MAX_ARTIFACT,
    )
    .slice(0, MAX_ARTIFACTS);
  if (artifacts.length === 0) {
    return [];
  }
  await mkdir(folder);
  const redactor = createRedactor();
  for (const { id, name } of artifacts) {
    await download(
      client,
      `/repos/${owner}/${repo}/actions/artifacts/${id}/zip`,
      // The id keeps two names apart that differ by what no file's name may hold.
      path.join(
        folder,
        `${redactor
          .redact(name)
          .replace(/[^\w.-]/g, '_')
          .slice(0, 100)}-${id}.zip`,
      ),
      { maxBytes: MAX_ARTIFACT, signal },
    );
  }
  return (await unpackReports(folder)).reports;
}
