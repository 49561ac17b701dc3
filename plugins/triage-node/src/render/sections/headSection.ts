import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import { FAILURE_LABELS } from '../failureLabels';
import { codeSpan } from '../text/codeSpan';
import { markdownProse } from '../text/markdownProse';
import { runLink } from '../text/runLink';

const MAX_PLACE = 120;

/** `line 12 of `build/5_Test.txt``. */
export function evidencePlace({ source, line }: Evidence): string {
  return `line ${line} of ${codeSpan(source, MAX_PLACE)}`;
}

function headline({ incident, failure, summary }: TriageReport): string {
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
  return `${FAILURE_LABELS[failure.type]}${where}${workflow}`;
}

function cause(report: TriageReport): string {
  const { rootCause } = report;
  if (rootCause.outcome === 'inconclusive') {
    const missing = rootCause.missing
      .slice(0, 5)
      .map(each => `\n- ${markdownProse(each, 200)}`);
    return `**Inconclusive:** no line proves a root cause.${
      missing.length > 0 ? ` What would help:\n${missing.join('')}` : ''
    }`;
  }
  const [first, ...others] = rootCause.evidence.slice(0, 3);
  // What the rules say of a cause is the reason they give for its type.
  const by =
    report.ai.status === 'answered' &&
    rootCause.statement !== report.failure.reason
      ? ', from the model, quotes checked'
      : '';
  return [
    `**Root cause** (${rootCause.confidence} confidence${by}): ${markdownProse(rootCause.statement)}`,
    ...(first
      ? [
          `${codeSpan(first.quote, 240)} (${[first, ...others].map(evidencePlace).join(', ')})`,
        ]
      : []),
  ].join('\n\n');
}

function facts({ incident, failure, decision }: TriageReport): string {
  const { run, repository, model } = incident;
  return [
    `**${decision.priority}**`,
    `${decision.severity} severity`,
    ...(run
      ? [
          `${runLink(run)}${run.attempt && run.attempt > 1 ? `, attempt ${run.attempt}` : ''}`,
        ]
      : []),
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
