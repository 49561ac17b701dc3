// SPDX-License-Identifier: Apache-2.0
import {
  RetryLaterError,
  type WorkflowDispatch,
  type WorkflowDispatcher,
  type WorkflowRequest,
} from '@greenroom/plugin-triage-node';
import { z } from 'zod';
import type { GithubClient, GithubClients } from '../client/GithubClients';
import {
  orNone,
  statusOf,
  toGithubError,
  withGithubErrors,
} from '../client/toGithubError';
import { isRollback } from './isRollback';

/** GitHub shows a dispatched run with its own clock. */
const CLOCK_SKEW_MS = 60_000;
const NEWEST = 20;
/** Of a hundred open pull requests, the newest first. */
const MAX_PAGES = 5;
/** `workflow_dispatch` takes inputs of 65,535 characters; a title holds less. */
const MAX_REASON = 200;

/** Since 2026-02, where it is asked for; before, the answer has no body. */
const startedSchema = z.object({ html_url: z.url({ protocol: /^https?$/ }) });

/** Starts workflows of a model's repository by `workflow_dispatch`. */
export class GithubWorkflows implements WorkflowDispatcher {
  readonly #clients: GithubClients;

  constructor(clients: GithubClients) {
    this.#clients = clients;
  }

  async isRunning(
    request: Omit<WorkflowRequest, 'workflow'> & { workflows: string[] },
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

  async listRollbacks(
    request: Omit<WorkflowRequest, 'workflow'> & { model?: string },
  ): Promise<number[] | undefined> {
    const { host, model, repository, signal } = request;
    const client = await this.#clients.find(host, repository);
    if (!client) {
      return undefined;
    }
    const { octokit, owner, repo } = client;
    return withGithubErrors(async () => {
      const found: number[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const answer = await orNone(
          octokit.pulls.list({
            owner,
            repo,
            state: 'open',
            per_page: 100,
            page,
            request: { signal },
          }),
        );
        if (!answer) {
          return undefined;
        }
        found.push(
          ...answer.data
            .filter(pull => isRollback(pull, { model, repository }))
            .map(({ number }) => number),
        );
        if (answer.data.length < 100) {
          break;
        }
      }
      return found;
    });
  }

  async findDispatched(
    request: WorkflowRequest & { since: number },
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
    request: WorkflowRequest & { reason: string },
  ): Promise<WorkflowDispatch> {
    const { host, repository, workflow } = request;
    const client = await this.#clients.find(host, repository);
    const refuse = (reason: string): WorkflowDispatch => ({
      isStarted: false,
      reason,
    });
    if (!client) {
      return refuse(`no integration has credentials for ${repository}`);
    }
    return withGithubErrors(async () => {
      const started = await this.#start(client, request).catch(error =>
        refuseFinally(error, workflow),
      );
      return typeof started === 'string' ? refuse(started) : started;
    });
  }

  async #start(
    { octokit, owner, repo }: GithubClient,
    request: WorkflowRequest & { reason: string },
  ): Promise<WorkflowDispatch> {
    const { reason, signal, workflow } = request;
    const common = { owner, repo, request: { signal } };
    const { data } = await octokit.repos.get(common);
    const start = (options: { return_run_details?: true }) =>
      octokit.actions.createWorkflowDispatch({
        ...common,
        ...options,
        workflow_id: workflow,
        ref: data.default_branch,
        inputs: { reason: reason.slice(0, MAX_REASON) },
      });
    const answer = await start({ return_run_details: true }).catch(error => {
      // An Enterprise Server that is older refuses keys that it does not know.
      if (`${error}`.includes('return_run_details')) {
        return start({});
      }
      throw error;
    });
    const run = startedSchema.safeParse(answer.data);
    return { isStarted: true, url: run.data?.html_url };
  }

  async #listRuns({ host, repository, signal, workflow }: WorkflowRequest) {
    const client = await this.#clients.find(host, repository);
    if (!client) {
      return [];
    }
    const { octokit, owner, repo } = client;
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

/** Why GitHub starts none, and never will as things are. @throws the error, where it may later */
function refuseFinally(error: unknown, workflow: string): string {
  const mayStartLater = toGithubError(error) instanceof RetryLaterError;
  switch (mayStartLater ? undefined : statusOf(error)) {
    case 401:
    case 403:
      return 'GitHub gives no access (Actions: read and write)';
    case 404:
      return `the repository has no workflow ${workflow}, or GitHub gives no access to it`;
    case 410:
    case 422:
      return `GitHub takes no dispatch of ${workflow}: it has no trigger workflow_dispatch with the input reason, or is disabled`;
    default:
      throw error;
  }
}
