// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { LineGroup, Situation } from '../facts/types';
import { AROUND_EXCEPTION, EXCEPTION, SYMPTOM } from './endings';
import {
  distinct,
  lineEvidence,
  isReadyPod,
  mainContainer,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

const TAIL = 25;
const MINUTE = 60_000;

/** Whether a line says more than that something failed: words beside names and numbers. */
const isSpecific = (text: string) =>
  (text.slice(0, 600).match(/(?:^|[\s"'(:])[A-Za-z_]{2,30}(?=[\s"').,:;]|$)/g)
    ?.length ?? 0) >= 5;

/** Whether the like of it stands in logs of others, which nobody complains of. */
const isOfOthersToo = ({ line }: LineGroup, { groups }: Situation) =>
  groups.some(
    each =>
      !each.isOfSubject &&
      each.line.text.slice(0, 200).replace(/\d{1,20}/g, '#') ===
        line.text.slice(0, 200).replace(/\d{1,20}/g, '#'),
  );

function weightOf(group: LineGroup, situation: Situation): number {
  const { line, log, before, count, isOfSubject } = group;
  const { text } = line;
  return (
    (EXCEPTION.test(text) ? 2 : 0) +
    (log.previous && line.number > log.totalLines - TAIL ? 1.5 : 0) +
    (isOfSubject ? 1 : -1) +
    (before === 0 ? 1 : -1) +
    (count >= 3 ? 0.5 : 0) -
    (SYMPTOM.test(text) ? 2.5 : 0) +
    (text.length > 25 ? 0.5 : 0) -
    (isOfOthersToo(group, situation) ? 1.5 : 0)
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

/** Whether a line came when what the alert measures changed, into a log that had been without it. */
function cameWithIt(
  group: LineGroup,
  { onset, start, subject, objects }: Situation,
): boolean {
  const { line, log, before, count } = group;
  const first = log.lines[0].time;
  const pod = subject.pods.find(({ name }) => name === log.pod);
  // It has been so since the pod was made, and the pod never got ready.
  const isNewPod =
    count >= 3 &&
    pod?.createdAt !== undefined &&
    start - pod.createdAt < 90 * MINUTE &&
    !isReadyPod({ objects }, pod.name);
  return (
    isNewPod ||
    (before === 0 &&
      line.time !== undefined &&
      first !== undefined &&
      first < line.time - 2 * MINUTE &&
      line.time >= onset - 15 * MINUTE &&
      line.time <= start + 5 * MINUTE)
  );
}

/** The error that came with the alert, in its own words, where no kind is known. */
export function exceptionCauses(situation: Situation): Candidate[] {
  const errors = situation.groups
    .filter(
      ({ isError, line }) =>
        isError &&
        !AROUND_EXCEPTION.test(line.text) &&
        (line.time ?? situation.start) <= situation.start + 20 * MINUTE,
    )
    .map(group => ({ group, weight: weightOf(group, situation) }))
    .sort(
      (a, b) =>
        b.weight - a.weight ||
        (a.group.line.time ?? 0) - (b.group.line.time ?? 0),
    );
  const [best] = errors;
  if (!best || best.weight < 1.5) {
    return [];
  }
  const { group, weight } = best;
  const { text } = group.line;
  const [rollout] = ownRollouts(situation).filter(
    ({ at }) => (group.line.time ?? Infinity) >= at - MINUTE,
  );
  const container = mainContainer(situation);
  const ended = container?.terminated;
  const crashed =
    group.log.previous && ended !== undefined && ended.exitCode !== 0;
  const isNew = group.before === 0;
  const isException = EXCEPTION.test(text);
  const isPlain =
    cameWithIt(group, situation) &&
    group.isOfSubject &&
    !SYMPTOM.test(text) &&
    isSpecific(text) &&
    !isOfOthersToo(group, situation);
  const at = group.log.lines.findIndex(
    ({ number }) => number === group.line.number,
  );
  const next = /:$/.test(text) ? group.log.lines[at + 1] : undefined;
  return [
    {
      rule: 'error-line',
      type: typeOfAlert(situation),
      score: Math.min(
        5.9,
        Math.max(weight, isPlain ? 5.1 : 0) +
          (rollout ? 1 : 0) +
          (crashed ? 0.5 : 0),
      ),
      // Of what goes on running it says what fails, not why.
      isProven: crashed === true && weight >= 4 && isException,
      statement: `${crashed ? `The container ${container?.name} ends with exit code ${ended.exitCode}` : `${group.log.container} fails`}${isNew && !crashed ? ' since the alert began' : ''} with ${quoted(text, 240)}${next ? ` ${quoted(next.text)}` : ''}${group.count > 1 ? ` (${group.count} times)` : ''}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        lineEvidence(group.log, group.line),
        ...(next ? [lineEvidence(group.log, next)] : []),
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
        'Read the lines above the error: they name the call that failed and its input; restart the process if it stays in this state, and upgrade or pin the library that raises it.',
      ],
    },
  ];
}
