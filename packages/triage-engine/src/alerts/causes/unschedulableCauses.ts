// SPDX-License-Identifier: Apache-2.0
import type { KubeEvent, Situation } from '../facts/types';
import { at, textAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import { distinct, eventsLike, isReadyPod, quoted } from './helpers';
import { allocatableOf, isDeviceNode, misfitOf, requestOf } from './nodeFit';
import type { Candidate } from './types';

const LACK =
  /(\d{1,5}) (Insufficient [\w./-]{1,60}|node\(s\) (?:had|didn't|were|exceed)(?:\{[^}]{0,200}\}|[^,.{]){1,120}|Too many pods)/g;
const TOTAL = /^0\/(\d{1,5}) nodes/;
const INSUFFICIENT = /^Insufficient ([\w./-]{1,60})/;
/** They follow from something else. */
const SYMPTOM = /^Too many pods|were unschedulable|node\.kubernetes\.io\//;
const AT_MAXIMUM =
  /max node group size reached|max (?:cluster )?(?:cpu|size|limit)|FailedScaleUp|wouldn't fit if a new node is added/;

const WORKLOAD = /^(.{1,200})-[0-9a-f]{6,10}-[a-z0-9]{5}$/;

/** The pod of the revision before that has what the new one waits for. */
function holderOf(
  pending: string,
  lacks: string[],
  { objects }: Situation,
): KubeObject | undefined {
  const workload = WORKLOAD.exec(pending)?.[1];
  return objects.find(
    ({ kind, name, raw }) =>
      kind === 'Pod' &&
      name !== pending &&
      workload !== undefined &&
      WORKLOAD.exec(name)?.[1] === workload &&
      name.slice(0, -6) !== pending.slice(0, -6) &&
      textAt(raw, 'status', 'phase') === 'Running' &&
      lacks.some(
        each =>
          each.includes('/') &&
          JSON.stringify(at(raw, 'spec', 'containers') ?? '').includes(each),
      ),
  );
}

/** Why the nodes that a pod may run on have not what it asks for. */
function whyInsufficient(
  resource: string,
  count: number,
  pod: KubeObject,
  { objects }: Situation,
): string | undefined {
  const spec = at(pod.raw, 'spec');
  const wanted = requestOf(spec, resource);
  const fitting = objects.filter(
    each => each.kind === 'Node' && misfitOf(spec, each) === undefined,
  );
  const nodes = fitting.filter(
    each => allocatableOf(each, resource) > 0 || isDeviceNode(each),
  );
  if (fitting.length < count || nodes.length === 0 || wanted === 0) {
    return undefined;
  }
  const offers = nodes.map(node => allocatableOf(node, resource));
  if (offers.every(offer => offer > 0 && offer < wanted)) {
    return `the pod requests more ${resource} than any of these nodes has`;
  }
  const isHeld = nodes.every(({ name }, index) => {
    const held = objects
      .filter(
        each =>
          each.kind === 'Pod' &&
          textAt(each.raw, 'spec', 'nodeName') === name &&
          !['Succeeded', 'Failed'].includes(
            textAt(each.raw, 'status', 'phase') ?? '',
          ),
      )
      .reduce(
        (sum, each) => sum + requestOf(at(each.raw, 'spec'), resource),
        0,
      );
    return offers[index] > 0 && held > 0 && held + wanted > offers[index];
  });
  return isHeld
    ? `what these nodes have of ${resource} is held by the requests of other pods`
    : undefined;
}

interface Lack {
  count: number;
  why: string;
}

/** Why no node fits; undefined where the event only tells that none does. */
function explanationOf(
  situation: Situation,
  event: KubeEvent,
  lacks: Lack[],
  refused: KubeEvent | undefined,
): string | undefined {
  const total = Number(TOTAL.exec(event.message)?.[1] ?? 0);
  const told = lacks.reduce((sum, { count }) => sum + count, 0);
  const scarce = lacks.flatMap(({ count, why }) => {
    const resource = INSUFFICIENT.exec(why)?.[1];
    return resource ? [{ count, resource }] : [];
  });
  if (lacks.length === 0 || lacks.some(({ why }) => SYMPTOM.test(why))) {
    return undefined;
  }
  if (scarce.length === 0) {
    return told >= total
      ? 'the constraints of the pod (selector, affinity, tolerations) leave none of the nodes'
      : undefined;
  }
  const pod = situation.objects.find(
    ({ kind, name }) => kind === 'Pod' && name === event.involved.name,
  );
  // More nodes of a kind that does not offer it would not help.
  const isUnoffered =
    pod !== undefined &&
    situation.objects.some(
      node =>
        node.kind === 'Node' &&
        isDeviceNode(node) &&
        misfitOf(at(pod.raw, 'spec'), node) === undefined &&
        scarce.some(({ resource }) => allocatableOf(node, resource) === 0),
    );
  const why = pod
    ? scarce.map(({ count, resource }) =>
        whyInsufficient(resource, count, pod, situation),
      )
    : [];
  return (
    why.find(Boolean) ??
    (refused &&
    AT_MAXIMUM.test(`${refused.reason}: ${refused.message}`) &&
    !isUnoffered
      ? 'the nodes are full, and the node group cannot grow'
      : undefined)
  );
}

/** Pods that find no node. */
export function unschedulableCauses(situation: Situation): Candidate[] {
  const [event] = eventsLike(situation, /^FailedScheduling/, 0.8)
    .filter(({ involved }) => !isReadyPod(situation, involved.name))
    .reverse();
  if (!event) {
    return [];
  }
  const lacks = [...event.message.matchAll(LACK)].map(
    ([, count, why]): Lack => ({
      count: Number(count),
      why: why.replace(/\.$/, ''),
    }),
  );
  const [refused] = eventsLike(
    situation,
    /NotTriggerScaleUp|FailedScaleUp|max node group size reached|max (?:cluster )?(?:cpu|size|limit)/,
  );
  const holder = holderOf(
    event.involved.name,
    lacks.flatMap(({ why }) => INSUFFICIENT.exec(why)?.[1] ?? []),
    situation,
  );
  const priority = eventsLike(situation, /[Pp]reempted/, 0.5).length > 0;
  const explanation = explanationOf(situation, event, lacks, refused);
  const isProven = holder !== undefined || explanation !== undefined;
  return [
    {
      rule: 'unschedulable',
      type: 'scheduling',
      score: 5.5 + (refused ? 1 : 0) + (holder ? 1 : 0) - (priority ? 1 : 0),
      isProven,
      statement: `Pods stay Pending, since no node fits them: ${
        lacks
          .slice(0, 4)
          .map(({ count, why }) => `${why} (${count} nodes)`)
          .join(', ') || quoted(event.message, 200)
      }${refused ? `; the cluster autoscaler adds no node: ${quoted(refused.message, 160)}` : ''}.${holder ? ` The old pod ${holder.name} of the same workload still holds it: the rolling update keeps it (surge, maxUnavailable 0) until the new one is ready, so that neither goes on.` : ` Capacity, requests, taints or selectors of pod and nodes do not match${explanation ? `: ${explanation}` : ''}.`}`,
      evidence: distinct([
        event.evidence,
        ...(holder
          ? situation.document.find(holder, 'resources').slice(0, 1)
          : []),
        ...(refused ? [refused.evidence] : []),
      ]),
      steps: [
        ...(holder
          ? [
              'Let the old pod go first: strategy Recreate, or maxSurge 0 and maxUnavailable 1, or delete the old pod now.',
            ]
          : []),
        'Add nodes (raise the maximum of the node group, or add the missing resource), or lower the requests of the pod to what it uses.',
        'Check taints and tolerations, node selectors and affinity of the pod against the nodes.',
      ],
      ...(!isProven && {
        missing: [
          'Labels, taints and allocatable of all nodes, the pods on them, and what the autoscaler says.',
        ],
      }),
    },
  ];
}
