// SPDX-License-Identifier: Apache-2.0
import type { RunFacts } from '@greenroom/triage-engine';
import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { GithubClient } from '../client/GithubClients';
import { orNone } from '../client/toGithubError';

type Job =
  RestEndpointMethodTypes['actions']['listJobsForWorkflowRunAttempt']['response']['data']['jobs'][number];

const MAX_JOBS = 300;
/** Jobs whose annotations are read. */
const MAX_ANNOTATED = 5;
const MAX_ANNOTATIONS = 10;

/** The jobs of an attempt, with their steps. */
export async function readJobs(
  { octokit, owner, repo }: GithubClient,
  { id, attempt }: { id: string; attempt: number },
  signal: AbortSignal,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (let page = 1; jobs.length < MAX_JOBS; page++) {
    const answer = await orNone(
      octokit.actions.listJobsForWorkflowRunAttempt({
        owner,
        repo,
        run_id: Number(id),
        attempt_number: attempt,
        per_page: 100,
        page,
        request: { signal },
      }),
    );
    const more = answer?.data.jobs ?? [];
    jobs.push(...more);
    if (more.length < 100) {
      break;
    }
  }
  return jobs;
}

/** What GitHub says of each job, in the engine's terms. */
export async function toFacts(
  client: GithubClient,
  jobs: Job[],
  signal: AbortSignal,
): Promise<Pick<RunFacts, 'jobs'>> {
  const failed = jobs
    .filter(
      ({ conclusion }) => conclusion !== 'success' && conclusion !== 'skipped',
    )
    .slice(0, MAX_ANNOTATED);
  const annotations = new Map<number, string[]>();
  for (const { id } of failed) {
    annotations.set(id, await readAnnotations(client, id, signal));
  }
  return {
    jobs: jobs.map(job => ({
      name: job.name,
      conclusion: job.conclusion ?? undefined,
      annotations: annotations.get(job.id),
      steps: job.steps?.map(({ number, name, conclusion }) => ({
        number,
        name,
        conclusion: conclusion ?? undefined,
      })),
    })),
  };
}

async function readAnnotations(
  { octokit, owner, repo }: GithubClient,
  jobId: number,
  signal: AbortSignal,
): Promise<string[]> {
  const answer = await orNone(
    octokit.checks.listAnnotations({
      owner,
      repo,
      // A job is its check run.
      check_run_id: jobId,
      per_page: MAX_ANNOTATIONS,
      request: { signal },
    }),
  );
  return (answer?.data ?? []).flatMap(({ message }) => message ?? []);
}

/** Seconds by job, and by `job / step`. */
export function toDurations(jobs: Job[]): Record<string, number> {
  const durations: Record<string, number> = {};
  const add = (name: string, from?: string | null, to?: string | null) => {
    if (from && to) {
      durations[name] = (Date.parse(to) - Date.parse(from)) / 1_000;
    }
  };
  for (const job of jobs) {
    add(job.name, job.started_at, job.completed_at);
    for (const step of job.steps ?? []) {
      add(`${job.name} / ${step.name}`, step.started_at, step.completed_at);
    }
  }
  return durations;
}
