// SPDX-License-Identifier: Apache-2.0
import {
  suspectedCauses,
  type Evidence,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { FAILURE_LABELS } from '../failureLabels';
import { codeSpan } from '../markup/codeSpan';
import { markdownProse } from '../markup/markdownProse';
import { runLink, safeRunUrl } from '../markup/runLink';
import { minuteOf, titleOfAlert } from './alertWords';

const MAX_PLACE = 120;

/** ``lines 12, 40 of `build/5_Test.txt` ``, by source, of the first few. */
export function evidencePlaces(evidence: Evidence[], max: number): string {
  const shown = evidence.slice(0, max);
  return [...new Set(shown.map(({ source }) => source))]
    .map(source => {
      const numbers = shown
        .filter(each => each.source === source)
        .map(({ line }) => line);
      return `${numbers.length > 1 ? 'lines' : 'line'} ${[...new Set(numbers)].join(', ')} of ${codeSpan(source, MAX_PLACE)}`;
    })
    .join('; ');
}

/** What only the step's purpose says is no heading, and a cause that is named is not unknown. */
function labelOf(
  { type, rule }: TriageReport['failure'],
  { outcome }: TriageReport['rootCause'],
): string {
  if (outcome === 'inconclusive' && rule.startsWith('step-is-')) {
    return FAILURE_LABELS.unknown;
  }
  return outcome === 'identified' && type === 'unknown'
    ? 'Pipeline failed'
    : FAILURE_LABELS[type];
}

function headline(report: TriageReport): string {
  const { incident, failure, rootCause, summary } = report;
  if (incident.kind === 'alert' && incident.alert) {
    const { name, what, said, on } = titleOfAlert(incident.alert, report);
    return `${codeSpan(name, MAX_PLACE)}: ${said ? codeSpan(said, MAX_PLACE) : (what ?? '')}${on ? `, on ${codeSpan(on, MAX_PLACE)}` : ''}`;
  }
  if (incident.kind !== 'pipeline') {
    return markdownProse(summary, 300);
  }
  const step = failure.step;
  const where = step
    ? ` in ${codeSpan([step.job, step.name].filter(Boolean).join(' / '), MAX_PLACE)}`
    : '';
  const workflow = incident.workflow
    ? ` of ${codeSpan(incident.workflow, MAX_PLACE)}`
    : '';
  return `${labelOf(failure, rootCause)}${where}${workflow}`;
}

function cause(report: TriageReport): string {
  const { rootCause } = report;
  if (rootCause.outcome === 'inconclusive') {
    const missing = rootCause.missing
      .slice(0, 5)
      .map(each => `\n- ${markdownProse(each, 200)}`);
    const { type, reason } = report.failure;
    const known =
      type === 'unknown' ? '' : ` The rules say: ${markdownProse(reason)}`;
    const suspects = suspectedCauses(report).map(
      ({ statement, evidence: [first] }, at) =>
        `\n${at + 1}. ${markdownProse(statement, 500)}${
          first
            ? `\n   ${codeSpan(first.quote, 240)} (${evidencePlaces([first], 1)})`
            : ''
        }`,
    );
    const head = `**Inconclusive:** no line proves a root cause.${known}`;
    return [
      suspects.length > 0
        ? `${head} What may be it, the likeliest first:\n${suspects.join('')}`
        : head,
      ...(missing.length > 0 ? [`What would help:\n${missing.join('')}`] : []),
    ].join(suspects.length > 0 ? '\n\n' : ' ');
  }
  // An alert is proven by lines of several documents.
  const proof = rootCause.evidence.slice(
    0,
    report.incident.kind === 'alert' ? 3 : 1,
  );
  // What the rules say of a cause is the reason they give for its type.
  const by =
    report.ai.status === 'answered' &&
    rootCause.statement !== report.failure.reason
      ? ', from the model, quotes checked'
      : '';
  return [
    `**Root cause** (${rootCause.confidence} confidence${by}): ${markdownProse(rootCause.statement)}`,
    ...(proof.length > 1
      ? [
          proof
            .map(
              each =>
                `- ${codeSpan(each.quote, 240)} (${evidencePlaces([each], 1)})`,
            )
            .join('\n'),
        ]
      : proof.map(
          ({ quote }) =>
            `${codeSpan(quote, 240)} (${evidencePlaces(rootCause.evidence, 3)})`,
        )),
  ].join('\n\n');
}

function alertFacts(alert: TriageReport['incident']['alert']): string[] {
  if (!alert) {
    return [];
  }
  const { status, startsAt, endsAt, pod, severity, url } = alert;
  const link = safeRunUrl(url);
  return [
    `${status} since ${minuteOf(startsAt)}${endsAt ? ` until ${minuteOf(endsAt)}` : ''}`,
    ...(severity ? [`severity label ${codeSpan(severity, 40)}`] : []),
    ...(pod ? [`pod ${codeSpan(pod, MAX_PLACE)}`] : []),
    ...(link ? [`[Prometheus](${link})`] : []),
  ];
}

function facts({ incident, failure, decision }: TriageReport): string {
  const { run, repository, model, alert } = incident;
  return [
    `**${decision.priority}**`,
    `${decision.severity} severity`,
    ...(run
      ? [
          `${runLink(run)}${run.attempt && run.attempt > 1 ? `, attempt ${run.attempt}` : ''}`,
        ]
      : []),
    ...alertFacts(alert),
    ...(repository ? [codeSpan(repository, MAX_PLACE)] : []),
    ...(run?.branch ? [`branch ${codeSpan(run.branch, MAX_PLACE)}`] : []),
    ...(run?.commit ? [`commit ${codeSpan(run.commit.slice(0, 7))}`] : []),
    ...(model ? [`model ${codeSpan(model, MAX_PLACE)}`] : []),
    ...(failure.step?.exitCode === undefined
      ? []
      : [`exit code ${failure.step.exitCode}`]),
    ...(decision.owner ? [`owner ${codeSpan(decision.owner, MAX_PLACE)}`] : []),
  ].join(' · ');
}

/** What failed, where and why: the part that is never left out. */
export function headSection(report: TriageReport): string[] {
  return [`### ${headline(report)}`, cause(report), facts(report)];
}
