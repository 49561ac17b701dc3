// SPDX-License-Identifier: Apache-2.0
import type {
  EffectContext,
  EffectResult,
  PipelineRun,
  TriageEffect,
} from '@greenroom/plugin-triage-node';
import { renderIssueTitle } from '@greenroom/triage-engine';
import type { GithubClients } from '../client/GithubClients';
import { withGithubErrors } from '../client/toGithubError';
import { AlertIssueEffect } from './AlertIssueEffect';
import { renderBody, renderRecovered, saysRecovered } from './bodies';
import { Issues, LABEL } from './Issues';
import { selectIssueRules, type IssueRule } from './readIssueConfig';

/**
 * One issue for each root cause, and for each group of alerts; it is opened again when
 * the cause comes back.
 */
export class IssueEffect implements TriageEffect {
  readonly kind = 'issue';
  readonly alerts: AlertIssueEffect;
  readonly #clients: GithubClients;
  readonly #rules: IssueRule[];

  constructor(clients: GithubClients, rules: IssueRule[]) {
    this.alerts = new AlertIssueEffect(clients, rules);
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
    const body = renderBody(
      context,
      'issue',
      teams.map(team => `For @${team}`),
    );
    return withGithubErrors(async () => {
      const issue = await new Issues(client, signal).apply({
        externalId,
        signature,
        title: renderIssueTitle(report),
        body,
        labels: [...new Set([LABEL, ...report.decision.labels, ...labels])],
        assignees,
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
    return withGithubErrors(async () => {
      const issues = new Issues(client, signal);
      const issue = await issues.get(Number(externalId));
      const sent = renderRecovered(passed);
      const closed =
        issue &&
        (await issues.close(issue, {
          since: passed.endedAt,
          comment: sent,
          isSaid: body => saysRecovered(body, passed),
        }));
      return closed && { externalId, url: closed.html_url, sent };
    });
  }
}
