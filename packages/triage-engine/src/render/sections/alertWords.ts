// SPDX-License-Identifier: Apache-2.0
import type {
  ReportedAlert,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { workloadName } from '../../alerts/facts/subject';
import { FAILURE_LABELS } from '../failureLabels';

/** What a title tells of an alert, whether or not it was analysed. @public */
export type TitledAlert = Pick<
  ReportedAlert,
  'name' | 'namespace' | 'pod' | 'service'
>;

/** What a title calls an exception: its class and its message. */
const EXCEPTION =
  /(?:[a-z]\w{0,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception): ?\S[^\n]{0,200}|\bpanic: [^\n]{1,200}/;

/**
 * What the title of an alert is made of, as people search for it: the name first. Not
 * escaped. `what` is absent before there is a report; `said` is of a log, where that says
 * the cause in few words.
 */
export function titleOfAlert(
  { name, namespace, pod, service }: TitledAlert,
  report: TriageReport | undefined,
): { name: string; what?: string; said?: string; on?: string } {
  const on = [namespace, service ?? (pod && workloadName(pod))]
    .filter(Boolean)
    .join('/');
  if (!report) {
    return { name, ...(on && { on }) };
  }
  const { failure, rootCause } = report;
  const isProven =
    rootCause.outcome === 'identified' && failure.type !== 'unknown';
  const said = isProven
    ? rootCause.evidence
        .slice(0, 3)
        .flatMap(({ quote }) => EXCEPTION.exec(quote)?.[0] ?? [])[0]
    : undefined;
  return {
    name,
    what: isProven ? FAILURE_LABELS[failure.type] : 'cause not proven',
    ...(said && { said }),
    ...(on && { on }),
  };
}

/** `2026-04-02 14:10 UTC` */
export const minuteOf = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
