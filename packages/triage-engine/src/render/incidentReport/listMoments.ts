// SPDX-License-Identifier: Apache-2.0
import { codeSpan } from '../markup/codeSpan';
import type { IncidentRecord } from './renderIncidentReport';

/** One row of what happened. */
export interface Moment {
  at: string;
  text: string;
  /** Markdown of ours. */
  source: string;
}

/** What happened, and what people and the machine did, in one order. */
export function listMoments({
  activity,
  effects,
  endedAt,
  report,
  startedAt,
}: IncidentRecord): Moment[] {
  const moments: Moment[] = [
    { at: startedAt, text: 'It began.', source: 'the alert or the run' },
    ...(endedAt
      ? [{ at: endedAt, text: 'It was over.', source: 'the portal' }]
      : []),
    ...(report.timeline ?? []).map(({ at, source, text }) => ({
      at,
      text,
      source: codeSpan(source),
    })),
    ...activity.map(({ action, at, by, text }) => ({
      at,
      text: text ? `${action}: ${text}` : action,
      source: by === 'triage' ? 'triage' : codeSpan(by),
    })),
    ...effects.map(({ at, kind, status, url }) => ({
      at,
      text: `${kind} ${status}${url ? `: ${url}` : ''}`,
      source: 'audit of effects',
    })),
  ];
  return moments
    .filter(({ at }) => Number.isFinite(Date.parse(at)))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
