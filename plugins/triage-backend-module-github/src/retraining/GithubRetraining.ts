// SPDX-License-Identifier: Apache-2.0
import type {
  RetrainingDispatcher,
  RetrainingRequest,
} from '@greenroom/plugin-triage-node';
import type { GithubClients } from '../client/GithubClients';
import { orNone, withGithubErrors } from '../client/toGithubError';

/** GitHub shows a dispatched run with its own clock. */
const CLOCK_SKEW_MS = 60_000;
const NEWEST = 20;
/** `workflow_dispatch` takes inputs of 65,535 characters; a title holds less. */
const MAX_REASON = 200;

/** Starts a workflow of a model's repository by `workflow_dispatch`. */
export class GithubRetraining implements RetrainingDispatcher {
  readonly #clients: GithubClients;

  constructor(clients: GithubClients) {
    this.#clients = clients;
  }

  async isRunning(
    request: Omit<RetrainingRequest, 'workflow'> & { workflows: string[] },
  ): Promise<boolean> {
    const { workflows, ...of } = request;
    for (const workflow of workflows) {
      const runs = await this.#listRuns({ ...of, workflow });
      if (runs.some(({ status }) => status !== 'completed')) {
        return true;
      }
    }
    return false;
  }

  async findDispatched(
    request: RetrainingRequest & { since: number },
  ): Promise<{ url: string } | undefined> {
    const runs = await this.#listRuns(request);
    const found = runs.find(
      ({ created_at: at, event }) =>
        event === 'workflow_dispatch' &&
        Date.parse(at) >= request.since - CLOCK_SKEW_MS,
    );
    return found && { url: found.html_url };
  }

  async dispatch(
    request: RetrainingRequest & { reason: string },
  ): Promise<void> {
    const { host, reason, repository, signal, workflow } = request;
    const { octokit, owner, repo } = await this.#clients.require(
      host,
      repository,
    );
    const common = { owner, repo, request: { signal } };
    await withGithubErrors(async () => {
      const { data } = await octokit.repos.get(common);
      await octokit.actions.createWorkflowDispatch({
        ...common,
        workflow_id: workflow,
        ref: data.default_branch,
        inputs: { reason: reason.slice(0, MAX_REASON) },
      });
    });
  }

  async #listRuns({ host, repository, signal, workflow }: RetrainingRequest) {
    const { octokit, owner, repo } = await this.#clients.require(
      host,
      repository,
    );
    return withGithubErrors(async () => {
      const answer = await orNone(
        octokit.actions.listWorkflowRuns({
          owner,
          repo,
          workflow_id: workflow,
          per_page: NEWEST,
          request: { signal },
        }),
      );
      return answer?.data.workflow_runs ?? [];
    });
  }
}
