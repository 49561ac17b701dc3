// SPDX-License-Identifier: Apache-2.0
import type { TimelineEntry } from '@greenroom/plugin-triage-common';
import { ellipsis } from '../../text/cutText';
import { oneLine } from '../../text/oneLine';
import { describeChange, isAboutScaling } from '../causes/helpers';
import type { Situation } from '../facts/types';
import { nameOf } from '../read/describeObject';
import { ALERT } from './documents';

const MAX_ENTRIES = 50;
const BEFORE = 24 * 3600_000;
const AFTER = 6 * 3600_000;
const MAX_TEXT = 300;
/** What Kubernetes did by the way; later than that it made no alert of now. */
const EVENTS_BEFORE = 2 * 3600_000;
/** Of the events that are no warnings, those that take something away. */
const TELLING =
  /^(?:Killing|Scaling|Successful(?:Rescale|Delete)|Evict|Preempt|Node)/;
/** Is tried again, and passes. */
const PASSES = /object has been modified/;

interface Entry {
  at: number;
  source: string;
  text: string;
  /** The less is left out first. */
  weight: number;
}

function* entriesOf(situation: Situation): Generator<Entry> {
  const { alert, start, onset, rollouts, events, containers } = situation;
  const name = alert.labels.alertname ?? 'The alert';
  yield { at: start, source: ALERT, text: `${name} begins to fire`, weight: 9 };
  if (onset < start) {
    yield {
      at: onset,
      source: 'metrics',
      text: 'What the alert measures begins to change',
      weight: 8,
    };
  }
  if (alert.endsAt) {
    yield {
      at: Date.parse(alert.endsAt),
      source: ALERT,
      text: `${name} ends`,
      weight: 9,
    };
  }
  for (const { of, at, to, differences, isOfSubject } of rollouts) {
    const changes = differences.slice(0, 4).map(describeChange).join('; ');
    yield {
      at,
      source: nameOf(of),
      text: to
        ? `Rollout of revision ${to}${changes ? `: ${changes}` : ''}`
        : 'Written',
      weight: isOfSubject ? 7 : 4,
    };
  }
  for (const {
    at,
    firstAt,
    reason,
    message,
    count,
    involved,
    relevance,
    isWarning,
  } of events) {
    const time = firstAt ?? at;
    if (
      time !== undefined &&
      time > start - EVENTS_BEFORE &&
      relevance >= 0.5 &&
      (isWarning || TELLING.test(reason)) &&
      !PASSES.test(message) &&
      (involved.kind !== 'HorizontalPodAutoscaler' || isAboutScaling(situation))
    ) {
      yield {
        at: time,
        source: `${involved.kind} ${involved.name}`,
        text: `${reason}: ${message}${count > 1 ? ` (${count} times)` : ''}`,
        weight: (isWarning ? 5 : 3) + relevance,
      };
    }
  }
  for (const { pod, name: container, terminated } of containers) {
    if (terminated?.finishedAt !== undefined) {
      yield {
        at: terminated.finishedAt,
        source: nameOf(pod),
        text: `Container ${container} ended: ${terminated.reason ?? 'no reason'}, exit code ${terminated.exitCode ?? 'unknown'}`,
        weight: 6,
      };
    }
  }
}

/** What happened around the alert, the oldest first. */
export function timelineOf(situation: Situation): TimelineEntry[] {
  const { start } = situation;
  return [...entriesOf(situation)]
    .filter(
      ({ at, weight }) =>
        weight > 8 || (at > start - BEFORE && at < start + AFTER),
    )
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_ENTRIES)
    .sort((a, b) => a.at - b.at)
    .map(({ at, source, text }) => ({
      at: new Date(at).toISOString(),
      source: oneLine(source),
      text: ellipsis(oneLine(text), MAX_TEXT),
    }));
}
