// SPDX-License-Identifier: Apache-2.0
import type {
  EffectContext,
  EffectResult,
  PipelineRun,
  TriageEffect,
} from '@greenroom/plugin-triage-node';
import { renderIssueTitle } from '@greenroom/triage-engine';
import type { GithubClient, GithubClients } from '../client/GithubClients';
import { orNone, withGithubErrors } from '../client/toGithubError';
import { renderBody, renderRecovered, saysRecovered } from './bodies';
import { isOwnReport } from './findOwn';
import { selectIssueRules, type IssueRule } from './readIssueConfig';

/** Every issue of triage has it: by it they are listed. */
const LABEL = 'triage';
const MAX_PAGES = 3;

interface FoundIssue {
  number: number;
  html_url: string;
  state: string;
  state_reason?: string | null;
}

/** One issue for each root cause; it is opened again when the cause comes back. */
export class IssueEffect implements TriageEffect {
  readonly kind = 'issue';
  readonly #clients: GithubClients;
  readonly #rules: IssueRule[];

  constructor(clients: GithubClients, rules: IssueRule[]) {
    this.#clients = clients;
    this.#rules = rules;
  }

  async findTarget(): Promise<string> {
    return 'issue';
  }

  async apply(
    context: EffectContext,
    { externalId }: { externalId?: string },
  ): Promise<EffectResult> {
    const { run, report, signal } = context;
    const client = await this.#clients.require(run.host, run.repository);
    const { type, signature } = report.failure;
    const { labels, assignees, teams } = selectIssueRules(this.#rules, type);
    const title = renderIssueTitle(report);
    const body = renderBody(
      context,
      'issue',
      teams.map(team => `For @${team}`),
    );
    return withGithubErrors(async () => {
      const found = externalId
        ? await get(client, Number(externalId), signal)
        : await find(client, signature, signal);
      const issue = found
        ? await this.#renew(client, found, { title, body }, signal)
        : await this.#createOnce(client, {
            title,
            body,
            labels: [...new Set([LABEL, ...report.decision.labels, ...labels])],
            assignees,
            signature,
            signal,
          });
      return {
        externalId: String(issue.number),
        url: issue.html_url,
        sent: body,
      };
    });
  }

  async recover(options: {
    target: string;
    externalId: string;
    run: PipelineRun;
    passed: PipelineRun;
    signal: AbortSignal;
  }): Promise<EffectResult | undefined> {
    const { externalId, run, passed, signal } = options;
    const client = await this.#clients.require(run.host, run.repository);
    const { octokit, owner, repo } = client;
    const which = {
      owner,
      repo,
      issue_number: Number(externalId),
      request: { signal },
    };
    return withGithubErrors(async () => {
      const issue = await get(client, Number(externalId), signal);
      if (!issue || issue.state === 'closed') {
        return undefined;
      }
      const { data: comments } = await octokit.issues.listComments({
        ...which,
        since: new Date(passed.endedAt).toISOString(),
        per_page: 100,
      });
      const sent = renderRecovered(passed);
      if (!comments.some(({ body }) => saysRecovered(body ?? '', passed))) {
        await octokit.issues.createComment({ ...which, body: sent });
      }
      await octokit.issues.update({
        ...which,
        state: 'closed',
        state_reason: 'completed',
      });
      return { externalId, url: issue.html_url, sent };
    });
  }

  /**
   * The repository's own triage.yml may open one at the same moment. Who finds after
   * opening that another was opened earlier closes the own one and renews the other.
   */
  async #createOnce(
    client: GithubClient,
    options: {
      title: string;
      body: string;
      labels: string[];
      assignees: string[];
      signature: string;
      signal: AbortSignal;
    },
  ): Promise<FoundIssue> {
    const { signature, signal, ...issue } = options;
    const { octokit, owner, repo } = client;
    const common = { owner, repo, request: { signal } };
    const { data: created } = await octokit.issues.create({
      ...common,
      ...issue,
    });
    const first = await find(client, signature, signal);
    if (!first || first.number >= created.number) {
      return created;
    }
    await octokit.issues.update({
      ...common,
      issue_number: created.number,
      // Without the marker: no later report may take it for its own.
      body: `Duplicate of #${first.number}.`,
      state: 'closed',
      state_reason: 'not_planned',
    });
    return this.#renew(client, first, issue, signal);
  }

  async #renew(
    { octokit, owner, repo }: GithubClient,
    found: FoundIssue,
    { title, body }: { title: string; body: string },
    signal: AbortSignal,
  ): Promise<FoundIssue> {
    // What a person closed as "not planned" stays closed.
    const isBack =
      found.state === 'closed' && found.state_reason !== 'not_planned';
    const { data } = await octokit.issues.update({
      owner,
      repo,
      issue_number: found.number,
      title,
      body,
      ...(isBack && { state: 'open', state_reason: 'reopened' }),
      request: { signal },
    });
    return data;
  }
}

async function get(
  { octokit, owner, repo }: GithubClient,
  number: number,
  signal: AbortSignal,
): Promise<FoundIssue | undefined> {
  const answer = await orNone(
    octokit.issues.get({
      owner,
      repo,
      issue_number: number,
      request: { signal },
    }),
  );
  return answer?.data;
}

/** The earliest of its signature on the newest page that has one. */
async function find(
  { octokit, owner, repo }: GithubClient,
  signature: string,
  signal: AbortSignal,
): Promise<FoundIssue | undefined> {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await octokit.issues.listForRepo({
      owner,
      repo,
      labels: LABEL,
      state: 'all',
      per_page: 100,
      page,
      request: { signal },
    });
    const [own] = data
      .filter(item => !item.pull_request && isOwnReport(item, signature))
      .sort((a, b) => a.number - b.number);
    if (own || data.length < 100) {
      return own;
    }
  }
  return undefined;
}
