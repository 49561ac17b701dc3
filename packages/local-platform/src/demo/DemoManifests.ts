// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const workflowsSchema = z.object({
  workflows: z.array(z.object({ id: z.number(), state: z.string() })),
});
const runsSchema = z.object({
  workflow_runs: z.array(z.object({ id: z.number(), status: z.string() })),
});

const TIMEOUT_MS = 20_000;

/** The demo's GitOps repository, through forge's GitHub API. */
export class DemoManifests {
  readonly #url: string;
  readonly #token: string;

  constructor(options: {
    /** For example `http://localhost:3002/api/v3`. */
    forgeApiUrl: string;
    token: string;
    owner: string;
    name: string;
  }) {
    const { forgeApiUrl, owner, name } = options;
    this.#url = `${forgeApiUrl}/repos/${owner}/${name}`;
    this.#token = options.token;
  }

  /**
   * Switches the repository's checks off, and ends those that run: they build their tools for half an hour, on the processors
   * that the model needs. The repository's Actions page switches them on.
   */
  async pauseChecks(signal?: AbortSignal): Promise<void> {
    const { workflows } = workflowsSchema.parse(
      await this.#request('GET', '/actions/workflows', signal),
    );
    for (const { id, state } of workflows) {
      if (state === 'active') {
        await this.#request('PUT', `/actions/workflows/${id}/disable`, signal);
      }
    }
    const { workflow_runs: runs } = runsSchema.parse(
      await this.#request('GET', '/actions/runs?per_page=20', signal),
    );
    for (const { id, status } of runs) {
      if (status !== 'completed') {
        await this.#request('POST', `/actions/runs/${id}/cancel`, signal);
      }
    }
  }

  /** Whether a model has been handed off. */
  async hasModel(name: string, signal?: AbortSignal): Promise<boolean> {
    const found = await this.#request(
      'GET',
      `/contents/models/${name}/model.yaml`,
      signal,
      [404],
    );
    return z.object({ type: z.literal('file') }).safeParse(found).success;
  }

  async #request(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    signal?: AbortSignal,
    // A run can have ended by itself in the meantime.
    expected = [409],
  ): Promise<unknown> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `token ${this.#token}` },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok && !expected.includes(response.status)) {
      throw new Error(
        `forge answered ${response.status} to ${method} ${this.#url}${path}`,
      );
    }
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  }
}
