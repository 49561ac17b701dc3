// SPDX-License-Identifier: Apache-2.0
import type {
  CoreV1Event,
  V1ConfigMap,
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1EnvVar,
  V1Node,
  V1Pod,
  V1PodStatus,
  V1Probe,
  V1Secret,
  V1Volume,
} from '@kubernetes/client-node';

/** A type of the client's as it travels: times are texts. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

export type Pod = Json<V1Pod>;
export type PodStatus = Json<V1PodStatus>;
export type ContainerSpec = Json<V1Container>;
export type ContainerStatus = Json<V1ContainerStatus>;
export type ContainerState = Json<V1ContainerState>;
export type Terminated = NonNullable<ContainerState['terminated']>;
export type EnvVar = Json<V1EnvVar>;
export type KubeEvent = Json<CoreV1Event>;
export type Node = Json<V1Node>;
export type Probe = Json<V1Probe>;
export type Volume = Json<V1Volume>;
export type ConfigMap = Json<V1ConfigMap>;
export type Secret = Json<V1Secret>;

/** What every object that is listed and watched has. */
export interface KubeObject {
  metadata?: { name?: string; uid?: string; resourceVersion?: string };
}

/** `namespace/name` of a pod, with its uid: what its objects are told by. */
export interface PodKey {
  namespace: string;
  name: string;
  uid: string;
}

/** @throws when the pod has not come from an API server, which gives all three. */
export function podKey(pod: Pod): PodKey {
  const { namespace, name, uid } = pod.metadata ?? {};
  if (!namespace || !name || !uid) {
    throw new Error('A pod without namespace, name or uid');
  }
  return { namespace, name, uid };
}

/** A time as Kubernetes writes it, to the second. */
export function kubeTime(ms: number = Date.now()): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
