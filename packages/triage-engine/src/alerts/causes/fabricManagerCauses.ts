// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { textAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

/** CUDA's name, text and number of it. */
const NOT_READY =
  /system not yet initialized|CUDA_ERROR_SYSTEM_NOT_READY|cudaErrorSystemNotReady|\b(?:CUDA|cuda|cuInit)\w{0,30}\b[^\n]{0,60}\b(?:error|failed)\D{0,20}\b802\b/;
/** What the node says of the service itself. */
const MANAGER =
  /fabric-?manager[^\n]{0,80}(?:inactive|dead|not[ -](?:installed|running|found)|failed|disabled)|fabric[^\n]{0,40}state\s{0,20}[:=]\s{0,4}In Progress|fabric manager NVIDIA GPU driver interface version \S{1,30} don't match|(?:failed|unable) to [^\n]{0,40}fabric ?manager/i;
const RECENT = 7 * 24 * 3600_000;
const OF_IMAGE = /version|image|driver|ami|release/i;
const VARIES = /hostname|instance-id|uid|zone|name$/i;

/** `image/version is 2.1, on node-b 2.0` */
function differences(node: KubeObject, others: KubeObject[]): string[] {
  const product = 'nvidia.com/gpu.product';
  const peer = others.find(
    each =>
      each !== node &&
      each.labels[product] !== undefined &&
      each.labels[product] === node.labels[product],
  );
  return peer
    ? Object.entries(node.labels)
        .filter(
          ([key, value]) =>
            OF_IMAGE.test(key) &&
            !VARIES.test(key) &&
            peer.labels[key] !== undefined &&
            peer.labels[key] !== value,
        )
        .slice(0, 2)
        .map(
          ([key, value]) =>
            `${key} is ${value}, on ${peer.name} ${peer.labels[key]}`,
        )
    : [];
}

/** CUDA waits for the service that sets up the NVSwitches of the node. */
export function fabricManagerCauses(situation: Situation): Candidate[] {
  const { objects, document, subject, start, events } = situation;
  const [told] = linesLike(situation, NOT_READY);
  if (!told) {
    return [];
  }
  const [manager] = linesLike(situation, MANAGER);
  const pod = objects.find(
    ({ kind, name }) => kind === 'Pod' && name === told.log.pod,
  );
  const nodes = objects.filter(({ kind }) => kind === 'Node');
  const on = pod ? textAt(pod.raw, 'spec', 'nodeName') : [...subject.nodes][0];
  const node = nodes.find(({ name }) => name === on);
  const joined =
    node?.createdAt !== undefined &&
    start - node.createdAt > 0 &&
    start - node.createdAt < RECENT
      ? node.createdAt
      : undefined;
  const registered = events.find(
    ({ reason, involved }) =>
      reason === 'RegisteredNode' && involved.name === node?.name,
  );
  const others = node ? differences(node, nodes) : [];
  const since = [
    ...(joined === undefined
      ? []
      : [
          `it joined the cluster (new or re-imaged) ${duration(start - joined)} before the alert`,
        ]),
    ...others,
  ];
  return [
    {
      rule: 'fabric-manager',
      type: 'infrastructure',
      score: manager ? 9.5 : 9,
      isProven: true,
      statement: `The NVIDIA Fabric Manager does not run on the node${node ? ` ${node.name}` : ''}, or not in the version of its driver: on systems with NVSwitch (HGX, DGX) CUDA cannot be initialised without it, so that each process fails with error 802, "system not yet initialized", although nvidia-smi lists the GPUs${manager ? `: ${quoted(manager.line.text)}` : ''}.${since.length > 0 ? ` Of the node: ${since.join('; ')}.` : ''}`,
      evidence: distinct([
        lineEvidence(told.log, told.line),
        ...(manager ? [lineEvidence(manager.log, manager.line)] : []),
        ...(registered ? [registered.evidence] : []),
        ...(joined === undefined
          ? []
          : document.find(node, 'creationTimestamp')),
      ]),
      steps: [
        'Cordon the node; install and start nvidia-fabricmanager in exactly the version of the driver (systemctl enable --now nvidia-fabricmanager), then check that nvidia-smi -q shows Fabric State: Completed.',
        'Put the service into the image of the node (or let the GPU operator manage the driver), and let the node join only when a CUDA check passes.',
      ],
    },
  ];
}
