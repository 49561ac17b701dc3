// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type {
  EffectContext,
  EffectResult,
  TriageEffect,
} from '@greenroom/plugin-triage-node';
import { renderIssueTitle, renderMarkdown } from '@greenroom/triage-engine';
import type { GithubClients } from '../client/GithubClients';
import { withGithubErrors } from '../client/toGithubError';

const NAME = 'Triage';
/** GitHub's limits. */
const MAX_ANNOTATIONS = 50;
const MAX_MESSAGE = 2_000;

/** Findings on the lines that they name, as annotations of a check run; an App only may make one. */
export class CheckRunEffect implements TriageEffect {
  readonly kind = 'check-run';
  readonly #clients: GithubClients;

  constructor(clients: GithubClients) {
    this.#clients = clients;
  }

  async findTarget({
    run,
    report,
  }: EffectContext): Promise<string | undefined> {
    return toAnnotations(report).length > 0
      ? `commit:${run.commit}`
      : undefined;
  }

  async apply(
    context: EffectContext,
    { externalId }: { externalId?: string },
  ): Promise<EffectResult> {
    const { run, report, portalUrl, signal } = context;
    const { octokit, owner, repo } = await this.#clients.require(
      run.host,
      run.repository,
    );
    const { signature } = report.failure;
    const sent = renderMarkdown(report, {
      target: 'summary',
      maxLength: 60_000,
    });
    const common = {
      owner,
      repo,
      details_url: portalUrl,
      request: { signal },
    };
    const output = { title: renderIssueTitle(report), summary: sent };
    return withGithubErrors(async () => {
      const known = externalId
        ? Number(externalId)
        : (
            await octokit.checks.listForRef({
              owner,
              repo,
              ref: run.commit,
              check_name: NAME,
              per_page: 100,
              request: { signal },
            })
          ).data.check_runs.find(each => each.external_id === signature)?.id;
      // GitHub adds the annotations of an update to those before.
      const { data } = known
        ? await octokit.checks.update({
            ...common,
            check_run_id: known,
            output,
          })
        : await octokit.checks.create({
            ...common,
            name: NAME,
            head_sha: run.commit,
            external_id: signature,
            status: 'completed',
            conclusion: 'neutral',
            output: { ...output, annotations: toAnnotations(report) },
          });
      return {
        externalId: String(data.id),
        url: data.html_url ?? undefined,
        sent,
      };
    });
  }
}

function toAnnotations(report: TriageReport) {
  return report.findings
    .flatMap(({ file, line, endLine, rule, message, severity }) =>
      file && line
        ? {
            path: file,
            start_line: line,
            end_line: endLine ?? line,
            annotation_level:
              severity === 'critical' || severity === 'high'
                ? ('failure' as const)
                : ('warning' as const),
            title: rule.slice(0, 255),
            message: message.slice(0, MAX_MESSAGE) || rule,
          }
        : [],
    )
    .slice(0, MAX_ANNOTATIONS);
}
