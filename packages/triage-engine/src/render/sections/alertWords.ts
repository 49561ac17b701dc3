// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { FAILURE_LABELS } from '../failureLabels';

type Alert = NonNullable<TriageReport['incident']['alert']>;

/** What a title calls an exception: its class and its message. */
const EXCEPTION =
  /(?:[a-z]\w{0,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception): ?\S[^\n]{0,200}|\bpanic: [^\n]{1,200}/;

/**
 * What the title of an alert is made of, as people search for it: the name first. Not
 * escaped. `said` is of a log, where that says the cause in few words.
 */
export function titleOfAlert(
  alert: Alert,
  { failure, rootCause }: TriageReport,
): { name: string; what: string; said?: string; on?: string } {
  const on = alert.service ?? alert.pod ?? alert.namespace;
  const isProven =
    rootCause.outcome === 'identified' && failure.type !== 'unknown';
  const said = isProven
    ? rootCause.evidence
        .slice(0, 3)
        .flatMap(({ quote }) => EXCEPTION.exec(quote)?.[0] ?? [])[0]
    : undefined;
  return {
    name: alert.name,
    what: isProven ? FAILURE_LABELS[failure.type] : 'cause not proven',
    ...(said && { said }),
    ...(on && { on }),
  };
}

/** `2026-04-02 14:10 UTC` */
export const minuteOf = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
