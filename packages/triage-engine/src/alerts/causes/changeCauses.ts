// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import { duration, figure } from '../facts/quantity';
import type { Rollout, Situation } from '../facts/types';
import { numberAt } from '../read/json';
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
const MECHANISMS: Array<[RegExp, string, FailureType]> = [
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
  [
    /model|version|revision|storage/i,
    'another model is served than before',
    'model-version',
  ],
  [
    /device|gpu|cuda/i,
    'the model runs on another device than before',
    'latency',
  ],
  [/replicas|scale/i, 'there are fewer replicas for the same load', 'scaling'],
  [/probe/i, 'the kubelet takes the container out of service sooner', 'probe'],
];

const mechanismOf = ({ differences }: Rollout) =>
  differences
    .map(({ name }) => MECHANISMS.find(([pattern]) => pattern.test(name)))
    .find(Boolean);

/** The alert's measure changed right after a rollout, and nothing else tells why. */
function afterRollout(situation: Situation): Candidate[] {
  const { onset, start } = situation;
  return ownRollouts(situation)
    .slice(0, 1)
    .flatMap((rollout): Candidate[] => {
      const lag = onset - rollout.at;
      if (lag < -2 * 60_000 || lag > 25 * 60_000) {
        return [];
      }
      const mechanism = mechanismOf(rollout);
      const own = situation.metrics.filter(({ isOfAlert }) => isOfAlert);
      const changed = own.find(({ trend }) => trend.changedAt !== undefined);
      return [
        {
          rule: 'after-rollout',
          type: mechanism?.[2] ?? typeOfAlert(situation),
          score: 4.6 + (mechanism ? 0.6 : 0) + (changed ? 0.3 : 0),
          // Why a container ends its log tells, not that it was rolled out.
          isProven:
            Boolean(changed) &&
            onset < start &&
            typeOfAlert(situation) !== 'crash-loop',
          statement: `${rolloutSentence(rollout, situation)}, and what the alert measures changed ${duration(lag)} after it${changed ? ` (${figure(changed.trend.before)} → ${figure(changed.trend.after)})` : ''}: since this change ${mechanism?.[1] ?? 'the new version behaves differently'}.`,
          evidence: distinct([
            ...rollout.evidence,
            ...(changed ? [changed.evidence] : []),
          ]),
          steps: [
            `Roll back ${rollout.of.name}: ${rollout.differences.slice(0, 2).map(describeChange).join('; ')}.`,
            'Change one setting at a time, and look at this metric after it.',
          ],
        },
      ];
    });
}

const QUEUES =
  /(?:queue(?:[ _-]?(?:size|depth|length|req))?|[Pp]ending|[Ww]aiting|#queue-req)[:= ]{1,3}(\d{1,7})/;

/** More comes in than the replicas can serve. */
function overload(situation: Situation): Candidate[] {
  const [load] = measuredAs(situation, 'traffic').filter(
    ({ trend, isOfAlert }) =>
      !isOfAlert &&
      trend.direction === 'up' &&
      trend.shape !== 'spike' &&
      trend.after > 1.4 * trend.before,
  );
  const replicas = measuredAs(situation, 'replicas').find(
    ({ trend }) => trend.shape === 'flat',
  );
  const queue = measuredAs(situation, 'queue').find(
    ({ trend }) => trend.direction === 'up',
  );
  const busy = measuredAs(situation, 'cpu').find(
    ({ trend }) => trend.direction === 'up',
  );
  const limit = situation.containers.find(
    ({ isOfSubject, cpuLimit }) => isOfSubject && cpuLimit,
  )?.cpuLimit;
  const isSaturated =
    busy && limit && busy.trend.after > 0.7 * limit ? true : undefined;
  const [line] = linesLike(
    situation,
    QUEUES,
    ({ last, isOfSubject }) =>
      isOfSubject && Number(QUEUES.exec(last.text)?.[1] ?? 0) >= 10,
  );
  const hpa = situation.objects.find(
    ({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject',
  );
  if (!(load || queue || line) || !(queue || line || busy)) {
    return [];
  }
  const isBlocked = situation.events.some(
    ({ reason, relevance }) =>
      /^Failed(?:Create|Scheduling)/.test(reason) && relevance >= 0.8,
  );
  return [
    {
      rule: 'overload',
      type: 'latency',
      score:
        (load ? 5.2 : 4.2) +
        (queue || line ? 0.8 : 0) +
        (replicas ? 0.3 : 0) -
        (isBlocked ? 2 : 0),
      isProven: Boolean(load) && Boolean(queue ?? line ?? isSaturated),
      statement: `Overload: ${load ? `traffic rose from ${figure(load.trend.before)} to ${figure(load.trend.after)} (${load.expression.slice(0, 80)})` : 'requests arrive faster than they are served'}${replicas ? `, the number of replicas stayed at ${figure(replicas.trend.after)}${hpa ? '' : ' (no autoscaler)'}` : ''}: the workers are saturated and requests queue${queue ? ` (${figure(queue.trend.before)} → ${figure(queue.trend.peak)} waiting)` : ''}${line ? `: ${quoted(line.last.text)}` : ''}, so that latency rises.`,
      evidence: distinct([
        ...(line ? [lineEvidence(line.log, line.last)] : []),
        ...(load ? [load.evidence] : []),
        ...(queue ? [queue.evidence] : []),
        ...(busy ? [busy.evidence] : []),
        ...situation.document.find(hpa, 'spec:'),
      ]),
      steps: [
        'Add replicas (scale up; autoscale on concurrency or queue length), or raise maxReplicas.',
        'Limit or batch requests, and shed load early instead of queueing it.',
      ],
    },
  ];
}

/** A new NetworkPolicy, and connections that no longer get through. */
function networkPolicy(situation: Situation): Candidate[] {
  const [rollout] = situation.rollouts.filter(
    ({ of }) => of.kind === 'NetworkPolicy',
  );
  const [line] = linesLike(
    situation,
    /time[d ]?out|refused|unreachable|resolve|dial tcp|ConnectTimeout/i,
    ({ before }) => before === 0,
  );
  return rollout && line
    ? [
        {
          rule: 'network-policy',
          type: 'network',
          score: 7,
          isProven: true,
          statement: `The NetworkPolicy ${rollout.of.name}, written ${duration(situation.start - rollout.at)} before the alert, blocks connections that were allowed before: since then ${quoted(line.line.text)}.`,
          evidence: distinct([
            lineEvidence(line.log, line.line),
            ...situation.document.find(rollout.of, 'spec'),
            ...rollout.evidence,
          ]),
          steps: [
            `Allow this traffic (egress, DNS on port 53 too) in the NetworkPolicy ${rollout.of.name}, or remove it until it does.`,
          ],
        },
      ]
    : [];
}

/** Nobody serves, since the workload was scaled to nothing. */
function scaledToZero(situation: Situation): Candidate[] {
  return situation.objects
    .filter(
      ({ kind, raw, name }) =>
        kind === 'Deployment' &&
        numberAt(raw, 'spec', 'replicas') === 0 &&
        situation.subject.names.includes(name),
    )
    .map(object => ({
      rule: 'scaled-to-zero',
      type: 'scaling' as const,
      score: 6,
      isProven: true,
      statement: `The Deployment ${object.name} is scaled to 0 replicas (spec.replicas 0), so that nothing serves.`,
      evidence: situation.document.find(object, 'replicas=0'),
      steps: [
        `Scale ${object.name} up again, and look who or what scaled it to zero (audit log, autoscaler, GitOps).`,
      ],
    }));
}

/** What a change or the load explains, where no line does. */
export const changeCauses = (situation: Situation): Candidate[] => [
  ...afterRollout(situation),
  ...overload(situation),
  ...networkPolicy(situation),
  ...scaledToZero(situation),
];
