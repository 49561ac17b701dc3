// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { LineGroup, Situation } from '../facts/types';
import {
  distinct,
  lineEvidence,
  mainContainer,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

/** `ValueError: …`, `java.lang.IllegalStateException: …`, `panic: …` */
const EXCEPTION =
  /(?:^|[\s"'|])((?:[a-z][\w]{0,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception|Fault|Failure)): ?\S|\bpanic: \S|\bFATAL\b|\bfatal error: \S/;
/** What follows from a cause and is none. */
const SYMPTOM =
  /time[d ]?out|deadline exceeded|WORKER TIMEOUT|\b50[0234]\b|SIGTERM|signal 15|[Ss]hutting down|readiness probe|liveness probe|context canceled|[Bb]roken pipe|reset by peer|Connection(?:Error| refused| aborted)|Back-?off|Traceback|Process exited|exited with code|Exception in ASGI|Internal Server Error|retry/i;
const TAIL = 25;

function weightOf(group: LineGroup): number {
  const { line, log, before, count, isOfSubject } = group;
  const { text } = line;
  return (
    (EXCEPTION.test(text) ? 2 : 0) +
    (log.previous && line.number > log.totalLines - TAIL ? 1.5 : 0) +
    (isOfSubject ? 1 : -1) +
    (before === 0 ? 1 : -1) +
    (count >= 3 ? 0.5 : 0) -
    (SYMPTOM.test(text) ? 2.5 : 0) +
    (text.length > 25 ? 0.5 : 0)
  );
}

const TYPES: Array<[RegExp, FailureType]> = [
  [/crash|restart|CrashLoop|waiting_reason/i, 'crash-loop'],
  [/latency|p9\d|slow|duration/i, 'latency'],
  [/drift|distribution/i, 'drift'],
];

/** The type that the alert itself speaks of. */
export const typeOfAlert = ({ text }: Situation): FailureType =>
  TYPES.find(([pattern]) => pattern.test(text))?.[1] ?? 'errors';

/** The error that came with the alert, in its own words, where no kind is known. */
export function exceptionCauses(situation: Situation): Candidate[] {
  const errors = situation.groups
    .filter(
      ({ isError, line }) =>
        isError &&
        (line.time ?? situation.start) <= situation.start + 20 * 60_000,
    )
    .map(group => ({ group, weight: weightOf(group) }))
    .sort((a, b) => b.weight - a.weight);
  const [best] = errors;
  if (!best || best.weight < 1.5) {
    return [];
  }
  const { group, weight } = best;
  const [rollout] = ownRollouts(situation).filter(
    ({ at }) => (group.line.time ?? Infinity) >= at - 60_000,
  );
  const container = mainContainer(situation);
  const ended = container?.terminated;
  const crashed =
    group.log.previous && ended !== undefined && ended.exitCode !== 0;
  const isNew = group.before === 0;
  return [
    {
      rule: 'error-line',
      type: typeOfAlert(situation),
      score: Math.min(5.9, weight + (rollout ? 1 : 0) + (crashed ? 0.5 : 0)),
      isProven:
        weight >= 4 && (crashed || isNew) && EXCEPTION.test(group.line.text),
      statement: `${crashed ? `The container ${container?.name} ends with exit code ${ended.exitCode}` : `${group.log.container} fails`}${isNew && !crashed ? ' since the alert began' : ''} with ${quoted(group.line.text, 240)}${group.count > 1 ? ` (${group.count} times)` : ''}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        lineEvidence(group.log, group.line),
        ...(rollout?.evidence ?? []),
        ...errors
          .slice(1, 3)
          .map(({ group: other }) => lineEvidence(other.log, other.line)),
      ]),
      steps: [
        ...(rollout
          ? [
              `Roll back ${rollout.of.name} to the revision before, and see whether the error ends.`,
            ]
          : []),
        'Read the lines above the error: they name the call that failed and its input.',
      ],
    },
  ];
}
