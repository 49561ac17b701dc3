// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A run as GitHub's API shows it, as far as tests look. */
export interface RunJson {
  id: number;
  name: string;
  display_title: string;
  status: string;
  conclusion: string | null;
  event: string;
  head_sha: string;
  head_branch: string;
  run_attempt: number;
  run_number: number;
}

/** A job as GitHub's API shows it, as far as tests look. */
export interface JobJson {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  run_attempt: number;
  started_at: string;
  steps: {
    name: string;
    number: number;
    status: string;
    conclusion: string | null;
  }[];
}

/** Polls until there is an answer; a test must not wait for ever. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    await sleep(100);
  }
  throw new Error(`Not within ${seconds} s: ${what}`);
}

/** The text of a file that a step wrote for the test, if it did yet. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Requests to forge's API as the admin. */
export interface ForgeClient {
  api(
    method: string,
    route: string,
    body?: unknown,
    authorization?: string,
  ): Promise<Response>;
  /** The JSON of a GET that must succeed. */
  json<T>(route: string): Promise<T>;
}

/** A clone and what its pushes bring about. */
export class RepositoryUnderTest {
  readonly api: string;
  readonly #runner: ForgeClient;
  readonly name: string;
  readonly directory: string;

  constructor(
    runner: ForgeClient,
    name: string,
    directory: string,
    remote: string,
  ) {
    this.#runner = runner;
    this.name = name;
    this.directory = directory;
    this.api = `/repos/acme/${name}`;
    mkdirSync(directory, { recursive: true });
    this.git('init', '-q', '-b', 'main');
    this.git('remote', 'add', 'origin', `${remote}/acme/${name}.git`);
  }

  git(...args: string[]): string {
    return execFileSync(
      'git',
      ['-c', 'user.name=Jane', '-c', 'user.email=jane@example.com', ...args],
      {
        cwd: this.directory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ).trim();
  }

  /** Writes files and commits them; answers the commit. */
  commit(files: Record<string, string>, message: string): string {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.directory, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  push(...refs: string[]): void {
    this.git('push', '-q', 'origin', ...(refs.length > 0 ? refs : ['HEAD']));
  }

  async runs(query = ''): Promise<RunJson[]> {
    const { workflow_runs: runs } = await this.#runner.json<{
      workflow_runs: RunJson[];
    }>(`${this.api}/actions/runs?per_page=100${query}`);
    return runs;
  }

  /** The newest run that fits, once it is completed. */
  async completed(
    fits: (run: RunJson) => boolean = () => true,
    seconds = 60,
  ): Promise<RunJson> {
    return eventually(
      `a completed run of ${this.name}`,
      async () => {
        const run = (await this.runs()).find(fits);
        return run?.status === 'completed' ? run : undefined;
      },
      seconds,
    );
  }

  async jobs(run: RunJson, query = ''): Promise<JobJson[]> {
    const { jobs } = await this.#runner.json<{ jobs: JobJson[] }>(
      `${this.api}/actions/runs/${run.id}/jobs?per_page=100${query}`,
    );
    return jobs;
  }

  async job(run: RunJson, name: string): Promise<JobJson> {
    const jobs = await this.jobs(run);
    const job = jobs.find(each => each.name === name);
    if (!job) {
      throw new Error(
        `No job ${name}, only ${jobs.map(each => each.name).join(', ')}`,
      );
    }
    return job;
  }

  /** A job's log as a client reads it: through the redirect. */
  async log(run: RunJson, jobName: string): Promise<string> {
    const job = await this.job(run, jobName);
    const response = await this.#runner.api(
      'GET',
      `${this.api}/actions/jobs/${job.id}/logs`,
    );
    const location = response.headers.get('location');
    if (response.status !== 302 || !location) {
      throw new Error(`No redirect to the log: ${response.status}`);
    }
    return (await fetch(location, { headers: { connection: 'close' } })).text();
  }

  /** The log without timestamps. */
  async text(run: RunJson, jobName: string): Promise<string> {
    return (await this.log(run, jobName)).replace(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z /gm,
      '',
    );
  }
}
