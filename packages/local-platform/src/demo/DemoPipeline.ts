// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { sleep } from '../../bootstrap/processes.mjs';

const RUN_TIMEOUT_MS = 6 * 60_000;
/** The image and the hand-off wait for the registry, which a first start builds. */
const DELIVERY_TIMEOUT_MS = 30 * 60_000;
const FIRST_RUN_TIMEOUT_MS = 60_000;

const runsSchema = z.object({
  workflow_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string().nullish(),
      event: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string(),
    }),
  ),
});
const jobsSchema = z.object({
  jobs: z.array(z.object({ name: z.string(), status: z.string() })),
});
const versionSchema = z.object({
  model_version: z.object({ version: z.string() }),
});

type WorkflowRun = z.infer<typeof runsSchema>['workflow_runs'][number];

/** Watches a repository's pipeline through forge's GitHub API until its model is in the registry. */
export class DemoPipeline {
  readonly #options: {
    /** For example `http://localhost:3002/api/v3`. */
    forgeApiUrl: string;
    token: string;
    mlflowUrl: string;
    owner: string;
    /** Both the repository and the registered model. */
    name: string;
    /** Whether the pipeline ends with a hand-off, and not with the registered model. */
    isHandedOff?: boolean;
  };

  constructor(options: {
    forgeApiUrl: string;
    token: string;
    mlflowUrl: string;
    owner: string;
    name: string;
    isHandedOff?: boolean;
  }) {
    this.#options = options;
  }

  /** Runs again what failed, for a start that was killed has taken the running jobs with it. */
  async rerunFailed(signal?: AbortSignal): Promise<void> {
    const runs = await this.#pushRuns(signal);
    for (const run of runs) {
      if (run.status === 'completed' && run.conclusion !== 'success') {
        await this.#forge(`/actions/runs/${run.id}/rerun`, signal, 'POST');
      }
    }
  }

  /** @returns the version that has the alias `champion` */
  async waitForVersion(
    onProgress: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<string> {
    const { isHandedOff } = this.#options;
    const timeoutMs = isHandedOff ? DELIVERY_TIMEOUT_MS : RUN_TIMEOUT_MS;
    const started = Date.now();
    while (Date.now() - started < timeoutMs) {
      signal?.throwIfAborted();
      const runs = await this.#pushRuns(signal);
      const champion = await this.#championVersion(signal);
      const open = runs.filter(run => run.status !== 'completed');
      const failed = runs.find(
        run => run.status === 'completed' && run.conclusion === 'failure',
      );
      if (champion && open.length === 0 && !(isHandedOff && failed)) {
        return champion;
      }
      if (failed && open.length === 0) {
        throw new Error(`its pipeline failed: ${failed.html_url}`);
      }
      if (runs.length > 0 && open.length === 0) {
        throw new Error(
          `its pipeline ended without registering a model: ${runs[0].html_url}`,
        );
      }
      if (runs.length === 0 && Date.now() - started > FIRST_RUN_TIMEOUT_MS) {
        throw new Error('no pipeline run was started by its first push');
      }
      if (open.length > 0) {
        onProgress(await this.#describe(open[0], signal));
      }
      await sleep(1000);
    }
    throw new Error(
      `its pipeline is not done after ${timeoutMs / 60_000} minutes`,
    );
  }

  async #pushRuns(signal?: AbortSignal): Promise<WorkflowRun[]> {
    const body = await this.#forge(
      '/actions/runs?event=push&per_page=20',
      signal,
    );
    return runsSchema
      .parse(body)
      .workflow_runs.filter(run => run.event === 'push');
  }

  async #describe(run: WorkflowRun, signal?: AbortSignal): Promise<string> {
    const body = await this.#forge(`/actions/runs/${run.id}/jobs`, signal);
    const { jobs } = jobsSchema.parse(body);
    const running = jobs.filter(job => job.status === 'in_progress');
    return `pipeline: ${running.map(job => job.name).join(', ') || run.status}`;
  }

  async #forge(
    path: string,
    signal?: AbortSignal,
    method: 'GET' | 'POST' = 'GET',
  ): Promise<unknown> {
    const { forgeApiUrl, token, owner, name } = this.#options;
    const url = `${forgeApiUrl}/repos/${owner}/${name}${path}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: `token ${token}` },
      signal: withTimeout(signal),
    });
    if (!response.ok) {
      throw new Error(`forge answered ${response.status} to ${method} ${url}`);
    }
    return response.json();
  }

  async #championVersion(signal?: AbortSignal): Promise<string | undefined> {
    const { mlflowUrl, name } = this.#options;
    const query = new URLSearchParams({ name, alias: 'champion' });
    const response = await fetch(
      `${mlflowUrl}/api/2.0/mlflow/registered-models/alias?${query}`,
      { signal: withTimeout(signal) },
    );
    if (!response.ok) {
      return undefined;
    }
    return versionSchema.parse(await response.json()).model_version.version;
  }
}

function withTimeout(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(20_000);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
