// SPDX-License-Identifier: Apache-2.0
import type { GithubClient } from '../client/GithubClients';
import { orNone } from '../client/toGithubError';
import { isOwnReport } from './findOwn';

/** Every issue of triage has it: by it they are listed. */
export const LABEL = 'triage';
const MAX_PAGES = 3;

/** What of an issue is read. @public */
export interface FoundIssue {
  number: number;
  html_url: string;
  state: string;
  state_reason?: string | null;
}

/** How an issue is made and found, once for each signature. @public */
export class Issues {
  readonly #client: GithubClient;
  readonly #signal: AbortSignal;

  constructor(client: GithubClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** Makes it, or renews the one that is there. */
  async apply(options: {
    externalId?: string;
    signature: string;
    title: string;
    body: string;
    labels: string[];
    assignees: string[];
  }): Promise<FoundIssue> {
    const { externalId, signature, title, body } = options;
    const found = externalId
      ? await this.get(Number(externalId))
      : await this.find(signature);
    return found
      ? this.renew(found, { title, body })
      : this.#createOnce(options);
  }

  async get(number: number): Promise<FoundIssue | undefined> {
    const { octokit, owner, repo } = this.#client;
    const answer = await orNone(
      octokit.issues.get({
        owner,
        repo,
        issue_number: number,
        request: { signal: this.#signal },
      }),
    );
    return answer?.data;
  }

  /** The earliest of its signature on the newest page that has one. */
  async find(signature: string): Promise<FoundIssue | undefined> {
    const { octokit, owner, repo } = this.#client;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const { data } = await octokit.issues.listForRepo({
        owner,
        repo,
        labels: LABEL,
        state: 'all',
        per_page: 100,
        page,
        request: { signal: this.#signal },
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

  /** @param isBack - whether what it is of is there again */
  async renew(
    found: FoundIssue,
    { title, body }: { title: string; body: string },
    isBack: boolean = true,
  ): Promise<FoundIssue> {
    const { octokit, owner, repo } = this.#client;
    // What a person closed as "not planned" stays closed.
    const isReopened =
      isBack &&
      found.state === 'closed' &&
      found.state_reason !== 'not_planned';
    const { data } = await octokit.issues.update({
      owner,
      repo,
      issue_number: found.number,
      title,
      body,
      ...(isReopened && { state: 'open', state_reason: 'reopened' }),
      request: { signal: this.#signal },
    });
    return data;
  }

  /**
   * Says by one comment that it is over, and closes it. Called more than once where a
   * process was killed.
   *
   * @returns undefined where somebody closed it
   */
  async close(
    issue: FoundIssue,
    options: {
      /** Ms since 1970: comments from then on are looked at. */
      since: number;
      comment: string;
      isSaid: (body: string) => boolean;
    },
  ): Promise<FoundIssue | undefined> {
    if (issue.state === 'closed') {
      return undefined;
    }
    await this.say(issue, options);
    const { octokit, owner, repo } = this.#client;
    await octokit.issues.update({
      owner,
      repo,
      issue_number: issue.number,
      state: 'closed',
      state_reason: 'completed',
      request: { signal: this.#signal },
    });
    return issue;
  }

  /** Says it by a comment, once. */
  async say(
    issue: FoundIssue,
    options: {
      /** Ms since 1970: comments from then on are looked at. */
      since: number;
      comment: string;
      isSaid: (body: string) => boolean;
    },
  ): Promise<void> {
    const { octokit, owner, repo } = this.#client;
    const which = {
      owner,
      repo,
      issue_number: issue.number,
      request: { signal: this.#signal },
    };
    const { data: comments } = await octokit.issues.listComments({
      ...which,
      since: new Date(options.since).toISOString(),
      per_page: 100,
    });
    if (!comments.some(({ body }) => options.isSaid(body ?? ''))) {
      await octokit.issues.createComment({ ...which, body: options.comment });
    }
  }

  /**
   * The repository's own triage.yml may open one at the same moment. Who finds after
   * opening that another was opened earlier closes the own one and renews the other.
   */
  async #createOnce(options: {
    title: string;
    body: string;
    labels: string[];
    assignees: string[];
    signature: string;
  }): Promise<FoundIssue> {
    const { signature, title, body, labels, assignees } = options;
    const { octokit, owner, repo } = this.#client;
    const common = { owner, repo, request: { signal: this.#signal } };
    const { data: created } = await octokit.issues.create({
      ...common,
      title,
      body,
      labels,
      assignees,
    });
    const first = await this.find(signature);
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
    return this.renew(first, { title, body });
  }
}
