// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import { duration, figure } from '../facts/quantity';
import type { Rollout, Situation } from '../facts/types';
import { typeOfAlert } from './exceptionCause';
import {
  describeChange,
  distinct,
  lineEvidence,
  linesLike,
  measuredAs,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

/** What a setting of that name does to requests when it changes. */
const MECHANISMS: Array<[RegExp, string, FailureType?]> = [
  [
    /batch|delay|queue/i,
    'requests wait longer in the queue for a batch to fill, or each batch takes longer',
    'latency',
  ],
  [
    /limits\.cpu|cpu/i,
    'the container gets less CPU and is throttled',
    'throttling',
  ],
  [/limits\.memory|memory/i, 'the container gets less memory', 'out-of-memory'],
  [
    /thread|worker|concurren|parallel|num_seqs/i,
    'fewer or more requests are processed at the same time than the container can take',
    'latency',
  ],
  [/time_?out/i, 'calls are given up sooner or wait longer', 'errors'],
  [
    /log_?level|debug|trace|profil/i,
    'more is logged or traced for each request, which costs time',
    'latency',
  ],
  [
    /cache|ttl/i,
    'fewer answers come from the cache, and more go to what is behind it',
    'latency',
  ],
  [
    /url|host|endpoint|addr|uri/i,
    'another service or address is called than before',
    'upstream',
  ],
  [/model|version|revision|storage/i, 'another model is served than before'],
  [
    /device|gpu|cuda/i,
    'the model runs on another device than before',
    'latency',
  ],
  [/replicas|scale/i, 'there are fewer replicas for the same load', 'scaling'],
  [
    /unit|format|schema|encod|scal(?:e|ing)_factor|window|timezone/i,
    'values are in another unit or form than those who read them expect',
    'drift',
  ],
  [/probe/i, 'the kubelet takes the container out of service sooner', 'probe'],
  [/image/i, 'another version of the program runs, which behaves differently'],
];

const mechanismOf = ({ differences }: Rollout) =>
  differences
    .map(({ name }) => MECHANISMS.find(([pattern]) => pattern.test(name)))
    .find(Boolean);

/** How servers tell that something took long. */
const SLOW =
  /\bslow (?:prediction|request|quer(?:y|ies)|inference|call)|\btook (?:too long|\d[\d.]{0,8} ?(?:ms|s|sec|seconds)\b)/i;

/** What came with it: a queue that grows, an error that is new. */
function consequencesOf(situation: Situation) {
  const queue = measuredAs(situation, 'queue').find(
    ({ isOfAlert, trend }) => !isOfAlert && trend.peak > 1.5 * trend.before,
  );
  const isLatency = typeOfAlert(situation) === 'latency';
  const [slow] = isLatency
    ? linesLike(
        situation,
        SLOW,
        ({ before, isOfSubject }) => before === 0 && isOfSubject,
      )
    : [];
  const [line] = [
    ...(slow ? [slow] : []),
    ...linesLike(
      situation,
      /./,
      ({ isError, before, count }) => isError && before === 0 && count >= 3,
    ),
  ];
  const words = [
    ...(queue
      ? [
          `the queue is filled (${figure(queue.trend.before)} → ${figure(queue.trend.peak)})`,
        ]
      : []),
    ...(line ? [`the log says ${quoted(line.line.text)}`] : []),
  ];
  return {
    isSlow: slow !== undefined,
    text: words.length > 0 ? ` With it ${words.join(' and ')}.` : '',
    evidence: [
      ...(line ? [lineEvidence(line.log, line.line)] : []),
      ...(queue ? [queue.evidence] : []),
    ],
  };
}

const SOON = 25 * 60_000;
/** What a neighbour makes may be used later; what came so soon needs no other link. */
const LATER = 45 * 60_000;
const AT_ONCE = 10 * 60_000;

/** Whether one of the two names the other in its settings. */
function areLinked({ of }: Rollout, { subject, containers }: Situation) {
  const own = JSON.stringify(
    containers.filter(({ isOfSubject }) => isOfSubject).map(({ spec }) => spec),
  );
  const its = JSON.stringify(of.raw.spec ?? '');
  return (
    own.includes(of.name) || subject.names.some(name => its.includes(name))
  );
}

/** The alert's measure changed right after a rollout, and nothing else tells why. */
function afterRollout(
  rollout: Rollout,
  situation: Situation,
  isOnly: boolean,
): Candidate[] {
  const { onset, start } = situation;
  const { isOfSubject } = rollout;
  const lag = onset - rollout.at;
  if (lag < -2 * 60_000 || lag > (isOfSubject ? SOON : LATER)) {
    return [];
  }
  const mechanism = mechanismOf(rollout);
  const own = situation.metrics.filter(({ isOfAlert }) => isOfAlert);
  const came = consequencesOf(situation);
  const changed = own.find(({ trend }) => trend.changedAt !== undefined);
  // A version that is measured since its rollout only has no before: its log tells.
  const isSaid = isOfSubject && came.isSlow;
  return [
    {
      rule: isOfSubject ? 'after-rollout' : 'after-rollout-of-neighbour',
      type: mechanism?.[2] ?? typeOfAlert(situation),
      score:
        (isOfSubject ? 4.8 : 4.6) +
        (mechanism ? 0.6 : 0) +
        (changed ? 0.3 : 0) +
        (isSaid ? 1 : 0) -
        (isOnly ? 0 : 1),
      // Why a container ends its log tells, not that it was rolled out.
      isProven:
        (isSaid ||
          (changed !== undefined &&
            (onset < start || changed.trend.shape === 'step'))) &&
        isOnly &&
        (isOfSubject || lag <= AT_ONCE || areLinked(rollout, situation)) &&
        typeOfAlert(situation) !== 'crash-loop' &&
        // What a model is asked comes from elsewhere.
        !(isOfSubject && typeOfAlert(situation) === 'drift'),
      statement: `${rolloutSentence(rollout, situation)}, and what the alert measures changed ${duration(Math.max(0, lag))} after it${changed ? ` (${figure(changed.trend.before)} → ${figure(changed.trend.after)})` : ''}: since this change ${mechanism?.[1] ?? 'the new version behaves differently'}.${came.text}${isOfSubject ? '' : ' Nothing changed in what the alert is about itself; it uses what this workload gives.'}`,
      evidence: distinct([
        ...(isSaid ? came.evidence.slice(0, 1) : []),
        ...rollout.evidence,
        ...came.evidence,
        ...(changed ? [changed.evidence] : []),
      ]),
      steps: [
        `Roll back ${rollout.of.name}: ${rollout.differences.slice(0, 2).map(describeChange).join('; ')}.`,
        'Change one setting at a time, and look at this metric after it.',
      ],
    },
  ];
}

/** What changed shortly before, of the subject or else of its neighbours. */
export function afterRolloutCauses(situation: Situation): Candidate[] {
  const { onset, rollouts, subject } = situation;
  const [own] = ownRollouts(situation);
  if (own && onset - own.at <= SOON) {
    return afterRollout(own, situation, true);
  }
  const near = rollouts.filter(
    ({ isOfSubject, differences, of, at }) =>
      !isOfSubject &&
      differences.length > 0 &&
      (of.namespace === undefined ||
        subject.namespace === undefined ||
        of.namespace === subject.namespace) &&
      at <= onset + 60_000 &&
      onset - at <= LATER,
  );
  return near.flatMap(each => afterRollout(each, situation, near.length === 1));
}
