// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { StageError } from '@greenroom/plugin-triage-common';
import {
  unpackReports,
  unpackRunLogs,
  type CompareInput,
  type ReportFile,
  type RunFacts,
  type RunLogs,
} from '@greenroom/triage-engine';
import type { GithubRepository, RunAttempt } from './GithubRepository';

const MEGABYTE = 1024 * 1024;
const MAX_LOG_BYTES = 256 * MEGABYTE;
const MAX_ARTIFACT_BYTES = 20 * MEGABYTE;
const MAX_ARTIFACTS_BYTES = 60 * MEGABYTE;
const MAX_ARTIFACTS = 20;
const MAX_ANNOTATED_JOBS = 10;
const MAX_COMMITS = 10;
/** Conclusions of a job that did not do its work. */
const FAILED = new Set(['failure', 'timed_out', 'startup_failure']);

/** Reads what GitHub has of a run. What is not there is noted and left out. */
export class EvidenceCollector {
  readonly errors: StageError[] = [];
  readonly #repository: GithubRepository;
  readonly #run: RunAttempt;
  readonly #folder: string;

  /** @param folder - of this run alone; the caller removes it */
  constructor(repository: GithubRepository, run: RunAttempt, folder: string) {
    this.#repository = repository;
    this.#run = run;
    this.#folder = folder;
  }

  /** The logs of the attempt; without jobs where GitHub has none any more. */
  async logs(): Promise<RunLogs> {
    const { id, run_attempt: attempt = 1 } = this.#run;
    const logs = await this.#attempt('logs', () =>
      this.#readLogs('logs', `/actions/runs/${id}/attempts/${attempt}/logs`),
    );
    return logs ?? { jobs: [], errors: [], close: async () => {} };
  }

  async passingLogs(green: RunAttempt): Promise<RunLogs | undefined> {
    return this.#attempt('passing-logs', () =>
      this.#readLogs('passing-logs', `/actions/runs/${green.id}/logs`),
    );
  }

  /** The last run of the same workflow before this one that passed: of this branch, else of the default branch. */
  async lastGreenRun(defaultBranch: string): Promise<RunAttempt | undefined> {
    const { head_branch: own, workflow_id: workflow, run_number } = this.#run;
    const branches = new Set([own ?? defaultBranch, defaultBranch]);
    return this.#attempt('last-green-run', async () => {
      for (const branch of branches) {
        const { data } =
          await this.#repository.octokit.rest.actions.listWorkflowRuns({
            ...this.#repository.names,
            workflow_id: workflow,
            branch,
            status: 'success',
            per_page: 20,
          });
        const found = data.workflow_runs.find(
          each => each.run_number < run_number,
        );
        if (found) {
          return found;
        }
      }
      return undefined;
    });
  }

  /** Jobs and steps of the attempt, and what the runner says of the jobs that failed. */
  async facts(): Promise<RunFacts> {
    const { octokit, names } = this.#repository;
    const { id, run_attempt: attempt = 1, conclusion } = this.#run;
    const jobs = await this.#attempt('jobs', () =>
      octokit.paginate(octokit.rest.actions.listJobsForWorkflowRunAttempt, {
        ...names,
        run_id: id,
        attempt_number: attempt,
        per_page: 100,
      }),
    );
    const facts: RunFacts['jobs'] = [];
    let annotated = 0;
    for (const job of jobs ?? []) {
      const isAnnotated =
        FAILED.has(job.conclusion ?? '') || job.conclusion === 'cancelled';
      annotated += isAnnotated ? 1 : 0;
      facts.push({
        name: job.name,
        conclusion: job.conclusion ?? undefined,
        ...(isAnnotated &&
          annotated <= MAX_ANNOTATED_JOBS && {
            annotations: await this.#annotations(job.id),
          }),
        steps: job.steps?.map(step => ({
          number: step.number,
          name: step.name,
          conclusion: step.conclusion ?? undefined,
        })),
      });
    }
    return { conclusion: conclusion ?? undefined, jobs: facts };
  }

  /** What tools have written, from the artifacts that are small enough to be reports. */
  async reports(): Promise<ReportFile[]> {
    const folder = path.join(this.#folder, 'reports');
    await mkdir(folder);
    const { data } =
      (await this.#attempt('artifacts', () =>
        this.#repository.octokit.rest.actions.listWorkflowRunArtifacts({
          ...this.#repository.names,
          run_id: this.#run.id,
          per_page: 100,
        }),
      )) ?? {};
    let bytes = 0;
    const wanted = (data?.artifacts ?? [])
      .filter(
        ({ expired, size_in_bytes: size }) =>
          !expired && size <= MAX_ARTIFACT_BYTES,
      )
      .filter(({ size_in_bytes: size }) => {
        bytes += size;
        return bytes <= MAX_ARTIFACTS_BYTES;
      })
      .slice(0, MAX_ARTIFACTS);
    for (const { id, name } of wanted) {
      const file = `${name.replace(/[^\w.-]/g, '_')}-${id}.zip`;
      await this.#attempt('artifacts', () =>
        this.#repository.download(
          `/actions/artifacts/${id}/zip`,
          path.join(folder, file),
          MAX_ARTIFACT_BYTES,
        ),
      );
    }
    const { reports, errors } = await unpackReports(folder);
    this.errors.push(...errors);
    return reports;
  }

  /** The commits since a run that passed. */
  async commitsSince(green: RunAttempt): Promise<CompareInput> {
    const { octokit, names } = this.#repository;
    const commits = await this.#attempt('commits', async () => {
      const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
        ...names,
        basehead: `${green.head_sha}...${this.#run.head_sha}`,
        per_page: 100,
      });
      return Promise.all(
        data.commits.slice(-MAX_COMMITS).map(({ sha }) => this.#commit(sha)),
      );
    });
    return { commits };
  }

  async #commit(sha: string) {
    const { data } = await this.#repository.octokit.rest.repos.getCommit({
      ...this.#repository.names,
      ref: sha,
    });
    return {
      sha,
      message: data.commit.message,
      author: data.author?.login ?? data.commit.author?.name,
      files: (data.files ?? []).map(file => ({
        path: file.filename,
        status: file.status,
        patch: file.patch,
      })),
    };
  }

  async #annotations(jobId: number): Promise<string[] | undefined> {
    const { octokit, names } = this.#repository;
    try {
      const { data } = await octokit.rest.checks.listAnnotations({
        ...names,
        check_run_id: jobId,
        per_page: 50,
      });
      return data.flatMap(({ message }) => (message ? [message] : []));
    } catch {
      // They need a right of their own, and say little that the log does not.
      return undefined;
    }
  }

  async #readLogs(name: string, route: string): Promise<RunLogs> {
    const file = path.join(this.#folder, `${name}.zip`);
    await this.#repository.download(route, file, MAX_LOG_BYTES);
    return unpackRunLogs(file);
  }

  async #attempt<T>(
    stage: string,
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.errors.push({
        stage,
        code: 'not-collected',
        message: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }
}
