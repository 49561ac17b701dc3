// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import type {
  PipelineEvidence,
  PipelineRun,
  PipelineRunRef,
  PipelineSource,
} from '@greenroom/plugin-triage-node';
import { z } from 'zod';
import type { GithubClient, GithubClients } from '../client/GithubClients';
import { orNone, withGithubErrors } from '../client/toGithubError';
import { collectEvidence } from './collectEvidence';
import { toPipelineRun, workflowRunSchema } from './toPipelineRun';

const TOPIC = 'github.workflow_run';
const DEFAULT_BRANCH_MS = 10 * 60_000;
const MAX_KEPT = 1_000;

const eventSchema = z.object({
  action: z.string(),
  workflow_run: workflowRunSchema,
  repository: z.object({
    full_name: z
      .string()
      .max(255)
      .regex(/^[\w.-]+\/[\w.-]+$/),
    default_branch: z.string(),
    html_url: z.url({ protocol: /^https?$/ }),
  }),
});

/** Workflow runs of GitHub: told of by webhooks, asked for through its API. */
export class GithubPipelineSource implements PipelineSource {
  readonly id = 'github';
  readonly #clients: GithubClients;
  readonly #events: EventsService;
  readonly #logger: LoggerService;
  readonly #hasSecret: boolean;
  readonly #branches = new Map<string, { name: string; until: number }>();

  constructor(options: {
    clients: GithubClients;
    events: EventsService;
    logger: LoggerService;
    /** Whether webhooks are checked; unchecked ones are not listened to. */
    hasSecret: boolean;
  }) {
    this.#clients = options.clients;
    this.#events = options.events;
    this.#logger = options.logger;
    this.#hasSecret = options.hasSecret;
  }

  async subscribe(receive: (run: PipelineRun) => Promise<void>): Promise<void> {
    if (!this.#hasSecret) {
      this.#logger.warn(
        "No webhook of GitHub is listened to: neither 'events.modules.github.webhookSecret' nor an App's 'webhookSecret' is configured",
      );
      return;
    }
    await this.#events.subscribe({
      id: 'triage',
      topics: [TOPIC],
      onEvent: async ({ eventPayload }) => {
        const run = this.#readEvent(eventPayload);
        if (run) {
          await receive(run);
        }
      },
    });
  }

  async getRun(
    ref: PipelineRunRef,
    { signal }: { signal: AbortSignal },
  ): Promise<PipelineRun | undefined> {
    const client = await this.#clients.find(ref.host, ref.repository);
    if (!client) {
      return undefined;
    }
    const { octokit, owner, repo } = client;
    return withGithubErrors(async () => {
      const answer = await orNone(
        octokit.actions.getWorkflowRunAttempt({
          owner,
          repo,
          run_id: Number(ref.runId),
          attempt_number: ref.runAttempt,
          request: { signal },
        }),
      );
      if (!answer) {
        return undefined;
      }
      return toPipelineRun(workflowRunSchema.parse(answer.data), {
        host: ref.host,
        // As GitHub writes it.
        repository: answer.data.repository.full_name,
        defaultBranch: await this.#readDefaultBranch(ref.host, client),
      });
    });
  }

  async collect(
    run: PipelineRun,
    { signal }: { signal: AbortSignal },
  ): Promise<PipelineEvidence> {
    const client = await this.#clients.require(run.host, run.repository);
    return withGithubErrors(() => collectEvidence(client, run, signal));
  }

  async listRuns(options: {
    host: string;
    repository: string;
    since: number;
    result: 'failed' | 'passed';
    signal: AbortSignal;
  }): Promise<PipelineRun[]> {
    const { host, repository, since, result, signal } = options;
    const client = await this.#clients.find(host, repository);
    if (!client) {
      return [];
    }
    const { octokit, owner, repo } = client;
    return withGithubErrors(async () => {
      const answer = await orNone(
        octokit.actions.listWorkflowRunsForRepo({
          owner,
          repo,
          status: result === 'failed' ? 'failure' : 'success',
          created: `>=${new Date(since).toISOString()}`,
          per_page: 100,
          request: { signal },
        }),
      );
      const runs = answer?.data.workflow_runs ?? [];
      if (runs.length === 0) {
        return [];
      }
      const defaultBranch = await this.#readDefaultBranch(host, client);
      return runs.map(each =>
        toPipelineRun(workflowRunSchema.parse(each), {
          host,
          repository: each.repository.full_name,
          defaultBranch,
        }),
      );
    });
  }

  #readEvent(payload: unknown): PipelineRun | undefined {
    const parsed = eventSchema.safeParse(payload);
    if (!parsed.success) {
      this.#logger.warn(
        'A workflow_run event of GitHub has another form and is passed over',
      );
      return undefined;
    }
    const { action, workflow_run: run, repository } = parsed.data;
    if (action !== 'completed') {
      return undefined;
    }
    return toPipelineRun(run, {
      host: new URL(repository.html_url).host,
      repository: repository.full_name,
      defaultBranch: repository.default_branch,
    });
  }

  async #readDefaultBranch(
    host: string,
    { octokit, owner, repo }: GithubClient,
  ): Promise<string> {
    const key = `${host}/${owner}/${repo}`;
    const kept = this.#branches.get(key);
    if (kept && kept.until > Date.now()) {
      return kept.name;
    }
    const { data } = await octokit.repos.get({ owner, repo });
    if (this.#branches.size >= MAX_KEPT) {
      this.#branches.clear();
    }
    const name = data.default_branch;
    this.#branches.set(key, { name, until: Date.now() + DEFAULT_BRANCH_MS });
    return name;
  }
}
