// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { RenderLimits } from '../renderLimits';
import { codeSpan } from '../markup/codeSpan';
import { markdownProse } from '../markup/markdownProse';
import { andMore, counted } from './andMore';

function aiLine({ ai }: TriageReport): string {
  if (ai.status !== 'answered') {
    const said = {
      off: 'No model was asked.',
      skipped: 'The model was not asked.',
      failed: 'The model gave no usable answer.',
    }[ai.status];
    return ai.reason ? markdownProse(ai.reason, 300) : said;
  }
  const tokens =
    ai.inputTokens === undefined && ai.outputTokens === undefined
      ? ''
      : `, ${(ai.inputTokens ?? 0).toLocaleString('en-US')} tokens in, ${(ai.outputTokens ?? 0).toLocaleString('en-US')} out`;
  const cost = ai.cost
    ? `, ${ai.cost.amount.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${ai.cost.currency}`
    : '';
  const version =
    ai.modelVersion && ai.modelVersion !== ai.model
      ? ai.modelVersion
      : undefined;
  return `Model ${codeSpan(ai.model ?? 'unknown', 60)}${
    version ? ` (${codeSpan(version, 60)})` : ''
  }${ai.prompt ? `, prompt ${codeSpan(ai.prompt, 60)}` : ''}${tokens}${cost}.`;
}

function redactionLine({ redactions }: TriageReport): string[] {
  const kinds = Object.entries(redactions).filter(([, count]) => count > 0);
  if (kinds.length === 0) {
    return [];
  }
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const shown = kinds
    .sort(([a, most], [b, fewest]) => fewest - most || a.localeCompare(b, 'en'))
    .slice(0, 10)
    .map(([kind, count]) => `${count} × ${codeSpan(kind, 60)}`);
  return [
    `${counted(total, 'secret')} taken out: ${[...shown, ...andMore(kinds.length, shown.length, 'kinds')].join(', ')}.`,
  ];
}

/** How the report was made and what it could not read. */
export function smallPrintSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const { failure, decision, errors } = report;
  const problems = errors
    .slice(0, limits.errors)
    .map(({ stage, source, message }) => {
      const where = source ? ` of ${codeSpan(source, 120)}` : '';
      return `Incomplete: ${codeSpan(stage, 40)}${where}: ${markdownProse(message, 240)}`;
    });
  const labels = decision.labels.map(label => codeSpan(label, 60));
  const lines = [
    `Type ${codeSpan(failure.type)} by rule ${codeSpan(failure.rule, 80)}, signature ${codeSpan(failure.signature, 64)}.`,
    ...(decision.reasons.length > 0
      ? [
          `${decision.priority}, ${decision.severity}: ${decision.reasons
            .slice(0, 5)
            .map(reason => markdownProse(reason, 200))
            .join(' ')}`,
        ]
      : []),
    ...(labels.length > 0
      ? [`Labels: ${labels.slice(0, 20).join(', ')}.`]
      : []),
    ...(report.excluded ?? [])
      .slice(0, 5)
      .map(
        ({ cause, reason }) =>
          `Not the cause: ${markdownProse(cause, 80)}. ${markdownProse(reason, 200)}`,
      ),
    aiLine(report),
    ...redactionLine(report),
    ...problems,
    ...andMore(errors.length, problems.length, 'problems'),
  ];
  return ['#### How this was made', lines.map(line => `- ${line}`).join('\n')];
}
