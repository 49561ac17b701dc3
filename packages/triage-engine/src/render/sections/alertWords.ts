// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { FAILURE_LABELS } from '../failureLabels';

type Alert = NonNullable<TriageReport['incident']['alert']>;

/** `llm/chat-70b`, as far as the alert tells. */
export const placeOfAlert = ({ namespace, service, pod }: Alert): string =>
  [namespace, service ?? pod].filter(Boolean).join('/');

/** What a heading says of an alert before its name. */
export const labelOfAlert = ({ failure, rootCause }: TriageReport): string =>
  rootCause.outcome === 'identified' && failure.type !== 'unknown'
    ? FAILURE_LABELS[failure.type]
    : 'Alert, cause not proven';

/** `2026-04-02 14:10 UTC` */
export const minuteOf = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
