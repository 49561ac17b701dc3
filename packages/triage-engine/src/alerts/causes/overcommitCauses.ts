// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson, listAt, numberAt, textAt, textsAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  measuredAs,
} from './helpers';
import type { Candidate } from './types';

const SILENCE = 'silence it until then; no other action is due.';
const EMPTY = /ScaleDownEmpty|removing empty node|Scale-down: removing/;
const CONSTANT = 0.005;

/** Requests above what the nodes but one have, since an autoscaler took a node that it would give back. */
function fewerNodes(situation: Situation): Candidate[] {
  const [event] = eventsLike(situation, EMPTY, 0);
  const [line] = linesLike(situation, EMPTY);
  const waits = eventsLike(situation, /^FailedScheduling/, 0).length > 0;
  if (!/overcommit/i.test(situation.text) || !(event ?? line) || waits) {
    return [];
  }
  const [none] = linesLike(situation, /No unschedulable pods|maxSize=/);
  return [
    {
      rule: 'fewer-nodes-of-an-autoscaler',
      type: 'false-alarm',
      score: 8.5,
      isProven: true,
      statement: `False alarm, no impact: the cluster autoscaler removed an empty node (scale-down), so that what pods request is more than the rule wants with one node fewer. No pod is pending, and the autoscaler would add a node where one were lost.`,
      evidence: distinct([
        ...(event ? [event.evidence] : []),
        ...(line ? [lineEvidence(line.log, line.line)] : []),
        ...(none ? [lineEvidence(none.log, none.line)] : []),
        ...situation.metrics.slice(0, 2).map(({ evidence }) => evidence),
      ]),
      steps: [
        `Leave rules of overcommitment (KubeCPUOvercommit, KubeMemoryOvercommit) out where an autoscaler adds nodes; ${SILENCE}`,
      ],
    },
  ];
}

/** A volume that nobody writes to, and that is as full as it was made. */
function readOnlyVolume(situation: Situation): Candidate[] {
  const { document, metrics, objects, text } = situation;
  const claim = objects.find(
    ({ kind, raw }) =>
      kind === 'PersistentVolumeClaim' &&
      textsAt(raw, 'spec', 'accessModes').includes('ReadOnlyMany'),
  );
  const mounted = objects.find(
    ({ kind, raw }) =>
      kind === 'Pod' &&
      listAt(raw, 'spec', 'volumes').some(
        each =>
          isJson(at(each, 'persistentVolumeClaim')) &&
          at(each, 'persistentVolumeClaim', 'readOnly') === true,
      ),
  );
  const of = claim ?? mounted;
  const disks = metrics.filter(({ expression }) =>
    /kubelet_volume_stats/.test(expression),
  );
  const isConstant =
    disks.length > 0 &&
    disks.every(({ points }) => {
      const values = points.map(([, value]) => value);
      const most = Math.max(...values);
      return most - Math.min(...values) <= CONSTANT * Math.abs(most);
    });
  if (!of || !isConstant || !/volume|disk|filling/i.test(text)) {
    return [];
  }
  return [
    {
      rule: 'read-only-volume',
      type: 'false-alarm',
      score: 9,
      isProven: true,
      statement: `False alarm, no impact: the volume ${of.name} is read-only (${claim ? 'ReadOnlyMany' : 'mounted readOnly'}): it was filled once, its use is constant, and nobody can write to it, so that it cannot fill up.`,
      evidence: distinct([
        ...document.find(claim, 'accessModes'),
        ...document.find(mounted, 'readOnly=true'),
        ...disks.slice(0, 2).map(({ evidence }) => evidence),
      ]),
      steps: [
        `Leave volumes of access mode ReadOnlyMany out of the rule (kube_persistentvolumeclaim_access_mode, or the label excluded_from_alerts); ${SILENCE}`,
      ],
    },
  ];
}

/** An autoscaler that memory holds up, which a loaded model needs whatever the load is. */
function heldByMemory(situation: Situation): Candidate[] {
  const { document, objects } = situation;
  for (const hpa of objects.filter(
    ({ kind }) => kind === 'HorizontalPodAutoscaler',
  )) {
    const target = listAt(hpa.raw, 'spec', 'metrics')
      .filter(each => textAt(each, 'resource', 'name') === 'memory')
      .map(each =>
        numberAt(each, 'resource', 'target', 'averageUtilization'),
      )[0];
    const now = listAt(hpa.raw, 'status', 'currentMetrics')
      .filter(each => textAt(each, 'resource', 'name') === 'memory')
      .map(each =>
        numberAt(each, 'resource', 'current', 'averageUtilization'),
      )[0];
    const [quiet] = measuredAs(situation, 'traffic', 'cpu').filter(
      ({ trend }) => trend.direction !== 'up',
    );
    if (
      target === undefined ||
      now === undefined ||
      now < 0.9 * target ||
      !quiet
    ) {
      continue;
    }
    return [
      {
        rule: 'autoscaler-held-by-memory',
        type: 'scaling',
        score: 9,
        isProven: true,
        statement: `The autoscaler (HPA ${hpa.name}) also follows memory, with a target of ${target} % of the request, and its pods are at ${now} % whatever the load is: the loaded model needs it when idle, and memory does not fall with the load. So the replicas never go down, though there is little to do (${quiet.expression.slice(0, 80)} is ${figure(quiet.trend.after)}).`,
        evidence: distinct([
          ...document.find(hpa, 'currentMetrics', 'averageUtilization'),
          ...document.find(hpa, 'metrics', 'averageUtilization'),
          ...document.find(hpa, 'conditions[AbleToScale]'),
          quiet.evidence,
        ]),
        steps: [
          `Take memory out of the metrics of the HPA ${hpa.name} (scale on CPU, requests or queue length), or raise its target well above what an idle pod needs.`,
        ],
      },
    ];
  }
  return [];
}

/** Capacity that looks short, and is not. */
export const overcommitCauses = (situation: Situation): Candidate[] => [
  ...fewerNodes(situation),
  ...readOnlyVolume(situation),
  ...heldByMemory(situation),
];
