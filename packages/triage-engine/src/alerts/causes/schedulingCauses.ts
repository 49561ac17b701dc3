// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson, numberAt, textAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  measuredAs,
  quoted,
} from './helpers';
import { coldStartCauses } from './coldStartCauses';
import { devicePluginCauses } from './devicePluginCauses';
import type { Candidate } from './types';
import { unschedulableCauses } from './unschedulableCauses';

/** Running pods that had to make room for others of a higher priority. */
function preempted(situation: Situation): Candidate[] {
  const events = eventsLike(situation, /^Preempted/, 0.5);
  const [event] = events;
  if (!event) {
    return [];
  }
  const classes = situation.objects
    .filter(({ kind }) => kind === 'PriorityClass')
    .sort(
      (a, b) =>
        (numberAt(b.raw, 'value') ?? 0) - (numberAt(a.raw, 'value') ?? 0),
    );
  const used = situation.objects.find(
    each =>
      each.kind === 'Pod' &&
      classes.some(
        ({ name }) => name === textAt(each.raw, 'spec', 'priorityClassName'),
      ),
  );
  const name = textAt(used?.raw, 'spec', 'priorityClassName');
  const top = classes.find(each => each.name === name) ?? classes[0];
  const isNew =
    top?.createdAt !== undefined &&
    situation.start - top.createdAt < 24 * 3600_000;
  const victims = [...new Set(events.map(each => each.involved.name))];
  const effect = linesLike(
    situation,
    /replicas? required|no healthy|unavailable|not enough/i,
  )[0];
  const wanted = used?.name.replace(/-[0-9a-f]{6,10}-[a-z0-9]{5}$/, '');
  return [
    {
      rule: 'preemption',
      type: 'scheduling',
      score: 8.5,
      isProven: true,
      statement: `Priority preemption: pods${wanted ? ` of ${wanted}` : ''} with ${name ? `the PriorityClass ${name} (${top ? (numberAt(top.raw, 'value') ?? '') : ''}${isNew && top?.createdAt ? `, created ${duration(situation.start - top.createdAt)} before the alert` : ''})` : 'a higher priority'} preempted ${victims.length} running pods of lower priority (${victims.slice(0, 3).join(', ')}) on full nodes, so that too few replicas were left${effect ? `: ${quoted(effect.line.text)}` : ''}.`,
      evidence: distinct([
        event.evidence,
        ...situation.document.find(top, 'value='),
        ...(effect ? [lineEvidence(effect.log, effect.line)] : []),
        ...events.slice(1).map(each => each.evidence),
      ]),
      steps: [
        'Add nodes (capacity), so that a rollout needs no preemption; give old and new pods the same PriorityClass, or set preemptionPolicy: Never.',
        'Roll the change of priority back until then, and protect the replicas with a PodDisruptionBudget.',
      ],
    },
  ];
}

/** The autoscaler is at its maximum, and the load is higher. */
function atMaximum(situation: Situation): Candidate[] {
  const { objects, document } = situation;
  const hpa = objects.find(each => {
    const max = numberAt(each.raw, 'spec', 'maxReplicas');
    const runs =
      numberAt(each.raw, 'status', 'currentReplicas') ??
      numberAt(each.raw, 'status', 'desiredReplicas');
    return (
      each.kind === 'HorizontalPodAutoscaler' &&
      max !== undefined &&
      runs !== undefined &&
      runs >= max
    );
  });
  const [load] = measuredAs(situation, 'traffic', 'queue', 'cpu').filter(
    ({ trend }) => trend.direction === 'up' && trend.shape !== 'spike',
  );
  if (!hpa || !load) {
    return [];
  }
  const isBlocked = situation.events.some(
    ({ reason, relevance }) =>
      /^Failed(?:Create|Scheduling)/.test(reason) && relevance >= 0.8,
  );
  const max = numberAt(hpa.raw, 'spec', 'maxReplicas');
  return [
    {
      rule: 'autoscaler-at-maximum',
      type: 'scaling',
      score: isBlocked ? 3 : 6,
      isProven: !isBlocked,
      statement: `The load rose (${load.expression.slice(0, 80)}: ${Number(load.trend.before.toPrecision(3))} → ${Number(load.trend.after.toPrecision(3))}), and the autoscaler (HPA ${hpa.name}) is already at maxReplicas ${max}: the replicas are saturated, so that requests queue and latency rises.`,
      evidence: distinct([
        ...document.find(hpa, 'maxReplicas='),
        load.evidence,
        ...document.find(hpa, 'status:'),
      ]),
      steps: [
        'Raise maxReplicas (and the node capacity for it), or make each request cheaper.',
        'Shed or limit the load of the client that grew.',
      ],
    },
  ];
}

/** A pod of the subject on a node that Kubernetes calls not ready. */
function nodeDown(situation: Situation): Candidate[] {
  return situation.objects
    .filter(
      ({ kind, name }) => kind === 'Node' && situation.subject.nodes.has(name),
    )
    .flatMap((node): Candidate[] => {
      const conditions = at(node.raw, 'status', 'conditions');
      const ready = Array.isArray(conditions)
        ? conditions.find(each => isJson(each) && each.type === 'Ready')
        : undefined;
      return ready && textAt(ready, 'status') !== 'True'
        ? [
            {
              rule: 'node-not-ready',
              type: 'infrastructure',
              score: 7,
              isProven: true,
              statement: `The node ${node.name} is NotReady (${textAt(ready, 'reason') ?? 'unknown'}: ${textAt(ready, 'message') ?? ''}), and its pods are lost with it.`,
              evidence: situation.document.find(node, 'conditions[Ready]'),
              steps: [
                'Look at the node (kubelet, memory, disk, network, cloud events); cordon, drain and replace it.',
                'Spread the replicas over several nodes.',
              ],
            },
          ]
        : [];
    });
}

/** Where pods cannot run, or run too late. */
export function schedulingCauses(situation: Situation): Candidate[] {
  return [
    ...unschedulableCauses(situation),
    ...devicePluginCauses(situation),
    ...preempted(situation),
    ...coldStartCauses(situation),
    ...atMaximum(situation),
    ...nodeDown(situation),
  ];
}
