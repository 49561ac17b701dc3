// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';

/** Why a container cannot be made or its volumes mounted, in the words of the kubelet. */
export const kubeletCauses: readonly Cause[] = [
  {
    any: ['secret '],
    all: ['not found'],
    words: 'a Secret that it needs does not exist (not found)',
    next: 'Create the Secret in this namespace, or correct its name.',
  },
  {
    any: ['configmap '],
    all: ['not found'],
    words: 'a ConfigMap that it needs does not exist (not found)',
    next: 'Create the ConfigMap in this namespace, or correct its name.',
  },
  {
    any: ['persistentvolumeclaim'],
    all: ['not found'],
    words: 'a PersistentVolumeClaim that it mounts does not exist (not found)',
    next: 'Create the PersistentVolumeClaim, or correct its name.',
  },
  {
    any: [
      "couldn't find key",
      'references non-existent secret key',
      'references non-existent config key',
      'non-existent',
    ],
    words: 'the Secret or ConfigMap lacks the key that it needs',
    next: 'Add the key, or correct the reference.',
  },
  {
    any: ['runasnonroot', 'will run as root', 'non-numeric user'],
    words:
      'the image runs as root, and the security context forbids that (runAsNonRoot)',
    next: 'Set a numeric runAsUser, or build the image with a numeric user that is not root.',
  },
  {
    any: ['multi-attach', 'already exclusively attached', 'already used by'],
    words: 'its volume is attached to another node (Multi-Attach)',
    next: 'Use a ReadWriteMany volume, or end the pod that holds it.',
  },
  {
    any: ['exec format error'],
    words:
      "the program was built for another processor architecture than the node's (exec format error)",
    next: 'Use an image for the architecture of the node (arm64 or amd64), or run it on other nodes.',
  },
  {
    any: [
      'executable file not found',
      'no such file or directory',
      'not a directory',
      'is a directory',
      'no command specified',
    ],
    words: 'its command or a path of it does not exist in the image',
    next: 'Correct command, args or mount paths, or the image.',
  },
  {
    any: ['permission denied', 'operation not permitted'],
    words: 'it lacks a permission (permission denied)',
    next: 'Give it the permission: the security context (runAsUser, fsGroup), or the mode of the file in the image.',
  },
  {
    any: [
      'no space left on device',
      'disk pressure',
      'diskpressure',
      'ephemeral-storage',
      'ephemeral local storage',
    ],
    words: 'the node has no disk space left',
    next: 'Free disk on the node, or ask for ephemeral-storage that it has.',
  },
  {
    any: [
      'deviceplugin',
      'device plugin',
      'allocate failed',
      'unexpectedadmissionerror',
    ],
    words: "the node's device plugin refused its device (GPU)",
    next: 'See the device plugin on that node.',
  },
  {
    any: ['nvidia-container-cli', 'nvml', 'libnvidia', 'runtimeclass'],
    words: "the node's GPU runtime does not work for this container",
    next: 'See the NVIDIA driver, container toolkit and RuntimeClass of the node.',
  },
  {
    any: [
      'failed to assign an ip',
      'no available ip',
      'no ip addresses available',
      'failed to allocate for range',
      'cni',
    ],
    words: "the node's network (CNI) gives it no address",
    next: 'See the CNI plugin of the node and its range of addresses.',
  },
  {
    any: [
      'timed out waiting for the condition',
      'deadline exceeded',
      'timeout expired',
    ],
    words: 'a volume was not mounted in time',
    next: 'See the volume: its driver, its server and its permissions.',
  },
];
