// SPDX-License-Identifier: Apache-2.0
import type {
  AlertEffect,
  AlertEffectContext,
  EffectResult,
} from '@greenroom/plugin-triage-node';
import { renderIssueTitle } from '@greenroom/triage-engine';
import type { GithubClients } from '../client/GithubClients';
import { withGithubErrors } from '../client/toGithubError';
import { renderAlertBody, renderEnded, saysEnded } from './alertBodies';
import { Issues, LABEL } from './Issues';
import { selectIssueRules, type IssueRule } from './readIssueConfig';

/** One issue for each group of alerts, closed when the last of them ended. */
export class AlertIssueEffect implements AlertEffect {
  readonly #clients: GithubClients;
  readonly #rules: IssueRule[];

  constructor(clients: GithubClients, rules: IssueRule[]) {
    this.#clients = clients;
    this.#rules = rules;
  }

  async findTarget({
    repository,
  }: AlertEffectContext): Promise<string | undefined> {
    return (
      repository &&
      // Not every host of a repository is a GitHub that we have credentials for.
      (await this.#clients.find(repository.host, repository.repository)) &&
      'issue'
    );
  }

  async apply(
    context: AlertEffectContext,
    { externalId }: { externalId?: string },
  ): Promise<EffectResult> {
    const { alerts, groupId, report, repository, signal } = context;
    const client = await this.#clients.require(
      repository?.host ?? '',
      repository?.repository ?? '',
    );
    const { labels, assignees, teams } = selectIssueRules(
      this.#rules,
      report.failure.type,
    );
    const title = renderIssueTitle(report);
    const body = renderAlertBody(
      context,
      teams.map(team => `For @${team}`),
    );
    const isOver = alerts.every(({ status }) => status === 'resolved');
    return withGithubErrors(async () => {
      const issues = new Issues(client, signal);
      const all = [...new Set([LABEL, ...report.decision.labels, ...labels])];
      const wanted = { title, body, labels: all, assignees };
      if (!isOver) {
        const issue = await issues.apply({
          ...wanted,
          externalId,
          signature: groupId,
        });
        return toResult(issue, body);
      }
      const found = externalId
        ? await issues.get(Number(externalId))
        : await issues.find(groupId);
      if (!found) {
        // Somebody removed it, and it is over: nobody needs another one.
        return { externalId: externalId ?? 'none', sent: '' };
      }
      const ended = Math.max(...alerts.map(({ endsAt }) => endsAt ?? 0));
      const comment = renderEnded(ended);
      await issues.renew(found, { title, body }, false);
      await issues.close(found, {
        since: Math.min(...alerts.map(({ startsAt }) => startsAt)),
        comment,
        isSaid: text => saysEnded(text, ended),
      });
      return toResult(found, `${comment}\n\n${body}`);
    });
  }
}

function toResult(
  issue: { number: number; html_url: string },
  sent: string,
): EffectResult {
  return {
    externalId: String(issue.number),
    url: issue.html_url,
    sent,
  };
}
