// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';

/** Why no node takes a pod, in the words of the scheduler. */
export const schedulingCauses: readonly Cause[] = [
  {
    any: ['persistentvolumeclaim'],
    all: ['not found'],
    words: 'a PersistentVolumeClaim that it mounts does not exist (not found)',
    next: 'Create the PersistentVolumeClaim, or correct its name (pvc:// of the storageUri).',
  },
  {
    any: [
      'unbound immediate persistentvolumeclaims',
      'persistentvolumeclaim is being deleted',
      "didn't find available persistent volumes",
    ],
    words: 'its PersistentVolumeClaim is not bound to a volume',
    next: 'See why the PersistentVolumeClaim is pending: its StorageClass, size and access mode.',
  },
  {
    any: ['volume node affinity conflict', 'exceed max volume count'],
    words: 'its volume cannot be used on the nodes that have room',
    next: 'Use storage that the nodes share (ReadWriteMany), or free room where the volume is.',
  },
  {
    any: ['nvidia.com/', 'amd.com/gpu', 'gpu.intel.com', 'habana.ai', '/mig-'],
    words: 'no node has a free GPU of the kind that it asks for',
    next: 'Free or add a node with such a GPU (does the device plugin announce it?), or lower the request.',
  },
  {
    any: ['insufficient memory'],
    words: 'no node has as much free memory as it asks for',
    next: 'Lower the memory request, or add a larger node.',
  },
  {
    any: ['insufficient cpu'],
    words: 'no node has as much free CPU as it asks for',
    next: 'Lower the CPU request, or add a node.',
  },
  {
    any: ['insufficient ephemeral-storage'],
    words: 'no node has enough free disk for what it asks',
    next: 'Lower the ephemeral-storage request, or add disk.',
  },
  {
    any: ['too many pods'],
    words: 'the nodes already run as many pods as they may',
    next: 'Add a node, or remove pods.',
  },
  {
    any: ['untolerated taint', "that the pod didn't tolerate"],
    words:
      'the nodes have a taint that the pod does not tolerate, so it cannot be scheduled',
    next: 'Add the toleration to the spec, or leave one node without the taint.',
  },
  {
    any: ['node affinity', 'node selector', "didn't match pod's node"],
    words: 'no node has the labels that its node selector or affinity asks for',
    next: 'Correct nodeSelector or affinity, or label a node.',
  },
  {
    any: ["didn't have free ports"],
    words: 'the host port that it asks for is taken on every node',
    next: 'Remove hostPort, or free the port.',
  },
  {
    any: ['topology spread', 'anti-affinity', 'pod affinity rules'],
    words: 'rules of spreading or affinity leave no node for it',
    next: 'Relax the topology spread constraints or the affinity, or add a node.',
  },
  {
    any: ['were unschedulable', 'node(s) were cordoned'],
    words: 'the nodes are cordoned',
    next: 'Uncordon a node, or add one.',
  },
  {
    any: ['not ready', 'unreachable', 'no nodes available', 'not-ready'],
    words: 'no node is ready',
    next: 'See why the nodes are not ready.',
  },
  {
    any: ['schedulinggated', 'scheduling gates', 'scheduling is blocked'],
    words:
      'a scheduling gate holds it back (a queue, such as Kueue, has not admitted it)',
    next: 'See the queue that admits it: its quota and its order.',
  },
  {
    any: ['insufficient '],
    words: 'no node has enough of a resource that it asks for',
    next: 'Lower the request, or add a node that has it.',
  },
];
