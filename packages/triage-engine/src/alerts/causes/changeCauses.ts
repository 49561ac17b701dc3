// SPDX-License-Identifier: Apache-2.0
import { duration, figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { numberAt } from '../read/json';
import { afterRolloutCauses } from './afterRolloutCauses';
import {
  distinct,
  lineEvidence,
  linesLike,
  measuredAs,
  quoted,
} from './helpers';
import type { Candidate } from './types';

const QUEUES =
  /(?:queue(?:[ _-]?(?:size|depth|length|req))?|[Pp]ending|[Ww]aiting|#queue-req)[:= ]{1,3}(\d{1,7})/;

/** More comes in than the replicas can serve. */
function overload(situation: Situation): Candidate[] {
  const [load] = measuredAs(situation, 'traffic').filter(
    ({ trend, isOfAlert }) =>
      !isOfAlert &&
      trend.direction === 'up' &&
      trend.shape !== 'spike' &&
      // From nothing comes what was not counted before, such as failures.
      trend.before > 0 &&
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
  const [name] = linesLike(
    situation,
    /name resolution|NameResolutionError|getaddrinfo|[Nn]o such host|resolve host/,
    ({ before }) => before === 0,
  );
  const [other] = linesLike(
    situation,
    /time[d ]?out|refused|unreachable|resolve|dial tcp|ConnectTimeout/i,
    ({ before }) => before === 0,
  );
  const line = name ?? other;
  return rollout && line
    ? [
        {
          rule: 'network-policy',
          type: 'network',
          // A name that is not found has causes of its own, but none that began with the policy.
          score: name ? 9 : 7,
          isProven: true,
          statement: `The NetworkPolicy ${rollout.of.name}, written ${duration(situation.start - rollout.at)} before the alert, blocks connections that were allowed before${name ? ', among them those to DNS (port 53), so that no name can be resolved' : ''}: since then ${quoted(line.line.text)}.`,
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
  ...afterRolloutCauses(situation),
  ...overload(situation),
  ...networkPolicy(situation),
  ...scaledToZero(situation),
];
