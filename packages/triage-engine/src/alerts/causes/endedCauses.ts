// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Container, Situation } from '../facts/types';
import type { TimedLine } from '../read/readLogs';
import { lastWordsOf, reasonToStop } from './endings';
import { meaningOfExit, meaningOfSignal } from './exitCodes';
import {
  distinct,
  eventsLike,
  lineEvidence,
  logsOf,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

/** Ended from outside: its own words tell nothing. */
const FROM_OUTSIDE = new Set([137, 143]);
const SURE = 5;

const nameOf = ({ name, isInit }: Container) =>
  `${isInit ? 'init container' : 'container'} ${name}`;

const rolloutBefore = (situation: Situation, line: TimedLine | undefined) =>
  ownRollouts(situation).find(
    ({ at }) => (line?.time ?? Infinity) >= at - 60_000,
  );

/** A container that ended with an error, and its last words. */
function failed(container: Container, situation: Situation): Candidate[] {
  const { terminated } = container;
  const code = terminated?.exitCode;
  if (!terminated || code === 0 || FROM_OUTSIDE.has(code ?? -1)) {
    return [];
  }
  const [log] = logsOf(situation, container);
  const words = log && lastWordsOf(log);
  const meaning =
    (words && meaningOfSignal(words.line.text)) ?? meaningOfExit(code);
  const state = situation.document.find(
    container.pod,
    `[${container.name}]`,
    'exitCode=',
  );
  if (!(log && words) && !meaning?.signal) {
    return [];
  }
  const rollout = rolloutBefore(situation, words?.line);
  const told = meaning
    ? ` (${[meaning.signal, meaning.means].filter(Boolean).join(', ')})`
    : '';
  const said = words
    ? ` with ${quoted(words.line.text, 240)}${words.also ? ` and ${quoted(words.also.text, 200)}` : ''}`
    : ' and says nothing in its log';
  // Where native code fails, only what came before tells why.
  const isBare =
    ['SIGSEGV', 'SIGABRT', 'SIGFPE'].includes(meaning?.signal ?? '') &&
    (!words || (words.line.text.length < 60 && !words.also));
  const isSure =
    !isBare && (words ? words.weight >= SURE : meaning?.signal === 'SIGILL');
  return [
    {
      rule: 'last-words',
      type: 'crash-loop',
      score: (isSure ? 6.4 : 4.5) + (container.isOfSubject ? 0 : -1.5),
      isProven: isSure,
      statement: `The ${nameOf(container)} ends with exit code ${code ?? 'unknown'}${told}${said}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...(log && words ? [lineEvidence(log, words.line)] : []),
        ...(log && words?.also ? [lineEvidence(log, words.also)] : []),
        ...(rollout?.evidence ?? []),
        ...state,
      ]),
      steps: [
        ...(meaning ? [meaning.step] : []),
        ...(rollout
          ? [
              `Roll back ${rollout.of.name} to the revision before, and see whether the error ends.`,
            ]
          : []),
        'Read the lines above the error: they name the call that failed and its input; look the message up in the issues of the program, and upgrade or pin it.',
      ],
      missing: isBare
        ? [
            'What ran when the signal came: a core dump or a resolved backtrace, and the request before it.',
          ]
        : undefined,
    },
  ];
}

/** A container that ends itself without an error, though it should run. */
function stopped(container: Container, situation: Situation): Candidate[] {
  const { terminated, isInit, isOfSubject } = container;
  const killed = eventsLike(situation, /^Killing|failed \w+ probe/, 0.8);
  const isJob = ['Job', 'CronJob'].includes(container.pod.owner?.kind ?? '');
  if (
    terminated?.exitCode !== 0 ||
    container.restarts === 0 ||
    isInit ||
    isJob ||
    !isOfSubject ||
    killed.length > 0
  ) {
    return [];
  }
  const [log] = logsOf(situation, container).filter(({ previous }) => previous);
  const reason = log && reasonToStop(log);
  if (!log || !reason) {
    return [];
  }
  const { startedAt, finishedAt } = terminated;
  const lived =
    startedAt !== undefined && finishedAt !== undefined
      ? ` after ${duration(finishedAt - startedAt)}`
      : '';
  const option = /--?(?:limit|max)[\w-]{2,40}/.exec(
    JSON.stringify(container.spec),
  )?.[0];
  return [
    {
      rule: 'stops-itself',
      type: 'crash-loop',
      score: 6.2,
      isProven: true,
      statement: `Nobody kills the container ${container.name}: it stops itself${lived} with exit code 0 (Completed), since ${quoted(reason.text, 240)}${option ? ` (${option} of its arguments)` : ''}, and the kubelet starts it again, during which it serves nothing.`,
      evidence: distinct([
        lineEvidence(log, reason),
        ...(option
          ? situation.document.find(container.pod, container.name, option)
          : []),
        ...situation.document.find(
          container.pod,
          `[${container.name}]`,
          'exitCode=0',
        ),
      ]),
      steps: [
        `Remove or raise ${option ?? 'the limit that the line names'}, or run more than one process or replica so that the others serve meanwhile.`,
      ],
    },
  ];
}

/** Why containers ended, by what they said last and by their exit code. */
export const endedCauses = (situation: Situation): Candidate[] =>
  situation.containers.flatMap(container => [
    ...failed(container, situation),
    ...stopped(container, situation),
  ]);
