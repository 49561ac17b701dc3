// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, numberAt, textAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import { distinct, eventsLike, isReadyPod } from './helpers';
import { allocatableOf, isDeviceNode, misfitOf } from './nodeFit';
import type { Candidate } from './types';

const EXTENDED =
  /Insufficient ([\w-]{1,40}(?:\.[\w-]{1,40}){1,6}\/[\w-]{1,40}(?:\.[\w-]{1,40}){0,4})/;
/** It tells the kubelet what devices there are. */
const PLUGIN = /device-?plugin/i;
/** They label the nodes on which the others run. */
const LABELLER =
  /node-feature-discovery|(?:^|[-/])nfd(?:-|$)|(?:gpu-)?feature-discovery/i;
/** What it says of the devices of a node. */
const OF_LABELLER = /^(?:feature\.node\.kubernetes\.io|nvidia\.com|amd\.com)\//;
const DESIRED = /kube_daemonset_status_desired_number_scheduled/;
const ALLOCATABLE = /kube_node_status_allocatable/;

const daemonSetsLike = ({ objects }: Situation, pattern: RegExp) =>
  objects.filter(
    ({ kind, name, raw }) =>
      kind === 'DaemonSet' &&
      (pattern.test(name) ||
        pattern.test(
          JSON.stringify(
            at(raw, 'spec', 'template', 'spec', 'containers') ?? '',
          ),
        )),
  );

const specOf = ({ raw }: KubeObject) => at(raw, 'spec', 'template', 'spec');

const isOn = (
  { objects }: Situation,
  daemonSet: KubeObject,
  node: KubeObject,
) =>
  objects.some(
    ({ kind, owner, raw }) =>
      kind === 'Pod' &&
      owner?.name === daemonSet.name &&
      textAt(raw, 'spec', 'nodeName') === node.name,
  );

/** Devices that no node offers, since what announces them does not run there. */
export function devicePluginCauses(situation: Situation): Candidate[] {
  const { objects, document, metrics, start } = situation;
  const [event] = eventsLike(situation, /^FailedScheduling/, 0.8)
    .filter(
      ({ involved, message }) =>
        EXTENDED.test(message) && !isReadyPod(situation, involved.name),
    )
    .reverse();
  const resource = EXTENDED.exec(event?.message ?? '')?.[1];
  const pod = objects.find(
    ({ kind, name }) => kind === 'Pod' && name === event?.involved.name,
  );
  if (!event || !resource) {
    return [];
  }
  const all = objects.filter(({ kind }) => kind === 'Node');
  const nodes = all.filter(
    node =>
      pod !== undefined &&
      isDeviceNode(node) &&
      misfitOf(at(pod.raw, 'spec'), node) === undefined &&
      allocatableOf(node, resource) === 0,
  );
  const isNone = metrics.find(
    ({ expression, trend }) =>
      ALLOCATABLE.test(expression) &&
      expression.includes(resource.replace(/[./-]/g, '_')) &&
      trend.after === 0,
  );
  const [node] = nodes;
  if (!node && !(all.length === 0 && isNone)) {
    return [];
  }
  const counted = metrics.find(
    ({ expression, labels, trend }) =>
      DESIRED.test(expression) &&
      PLUGIN.test(`${labels.daemonset ?? ''} ${expression}`) &&
      trend.after === 0,
  );
  const plugin = daemonSetsLike(situation, PLUGIN).find(
    each => !LABELLER.test(each.name) && !(node && isOn(situation, each, node)),
  );
  const isUndesired =
    counted !== undefined ||
    (plugin !== undefined &&
      numberAt(plugin.raw, 'status', 'desiredNumberScheduled') === 0);
  const misfit = plugin && node ? misfitOf(specOf(plugin), node) : undefined;
  if (!misfit && !isUndesired) {
    return [];
  }
  const labeller = daemonSetsLike(situation, LABELLER).find(
    each =>
      OF_LABELLER.test(misfit?.label ?? '') &&
      node &&
      each !== plugin &&
      misfitOf(specOf(each), node) !== undefined,
  );
  const unlabelled =
    labeller && node ? misfitOf(specOf(labeller), node) : undefined;
  const isNew =
    node?.createdAt !== undefined && start - node.createdAt < 24 * 3600_000;
  const name = plugin?.name ?? counted?.labels.daemonset ?? 'device plugin';
  return [
    {
      rule: 'device-plugin-missing',
      type: 'scheduling',
      score: misfit ? 9.5 : 8.5,
      isProven: true,
      statement: `Pods stay Pending since no node offers ${resource}: the device plugin (DaemonSet ${name}) has no pod on the GPU nodes${
        nodes.length > 0
          ? ` (${nodes
              .slice(0, 3)
              .map(each => each.name)
              .join(
                ', ',
              )}${isNew && node?.createdAt ? `, created ${duration(start - node.createdAt)} before the alert` : ''})`
          : ''
      }${isUndesired ? ', it wants none (desired 0)' : ''}, so that the kubelet does not register the devices${misfit ? `: ${misfit.what}` : '; no node has the labels it asks for, or their taint is not tolerated'}.${labeller && unlabelled ? ` The label comes from the DaemonSet ${labeller.name}, which does not run there either: ${unlabelled.what}.` : ''}`,
      evidence: distinct([
        event.evidence,
        ...(counted ? [counted.evidence] : []),
        ...document.find(plugin, 'desiredNumberScheduled='),
        ...(misfit?.label
          ? document.find(plugin, misfit.label.split(/[ =]/)[0])
          : []),
        ...(labeller ? document.find(labeller, 'tolerations') : []),
        ...document.find(node, 'spec.taints'),
        ...(isNone ? [isNone.evidence] : []),
      ]),
      steps: [
        `Let the DaemonSet${labeller ? 's' : ''} ${[labeller?.name, name].filter(Boolean).join(' and ')} run on the GPU nodes: add the toleration for their taint, or give the nodes the label it selects (by hand for now).`,
        `Check that the nodes then list ${resource} under allocatable; alert on GPU nodes that offer none.`,
      ],
    },
  ];
}
