// SPDX-License-Identifier: Apache-2.0
import { textAt } from '../read/json';
import type { AlertmanagerAlert } from '../read/alertmanager';
import type { KubeObject } from '../read/readObjects';
import type { Subject } from './types';

/** Labels by which alerts name a workload, the most exact first. */
const WORKLOAD_LABELS = [
  'inferenceservice',
  'serving_kserve_io_inferenceservice',
  'deployment',
  'statefulset',
  'daemonset',
  'job_name',
  'horizontalpodautoscaler',
  'workload',
  // Of KServe's metrics and the template infra-manifests' rules: the name of the InferenceService.
  'model_name',
  'model',
  'service',
  'destination_workload',
  'destination_service_name',
  'app',
  'revision',
  'ingress',
];

/** Elsewhere these are often those of a registry (`Qwen/Qwen3-8B`), which no object bears. */
const OBJECT_NAME = /^[a-z0-9][a-z0-9.-]{0,252}$/;

/** Names of pods without what their ReplicaSet and they add. */
export function workloadName(pod: string): string {
  return pod
    .replace(/-[0-9a-f]{6,10}-[a-z0-9]{5}$/, '')
    .replace(/-[a-z0-9]{5}$/, '')
    .replace(/-\d{1,4}$/, '');
}

/** Whether `name` is that of an object, or of something made from it. */
export const belongsTo = (name: string, owner: string) =>
  name === owner || name.startsWith(`${owner}-`);

/** Tells from labels and objects what an alert is about. */
export function readSubject(
  alert: AlertmanagerAlert,
  groupLabels: Record<string, string>,
  objects: KubeObject[],
): Subject {
  const labels = { ...groupLabels, ...alert.labels };
  const namespace =
    labels.exported_namespace ??
    labels.destination_namespace ??
    labels.namespace;
  const { pod, container } = labels;
  const named = WORKLOAD_LABELS.map(label => labels[label] ?? '').filter(name =>
    OBJECT_NAME.test(name),
  );
  const names = [
    ...new Set([...(pod ? [workloadName(pod)] : []), ...named].filter(Boolean)),
  ];
  const pods = objects.filter(
    each =>
      each.kind === 'Pod' &&
      (!namespace || each.namespace === namespace) &&
      (each.name === pod || names.some(name => belongsTo(each.name, name))),
  );
  const node = labels.node ?? labels.instance?.replace(/:\d{1,5}$/, '');
  const nodes = pods.flatMap(each => {
    const on = textAt(each.raw, 'spec', 'nodeName');
    return on ? [on] : [];
  });
  return {
    namespace,
    pod,
    container,
    service: named[0],
    names,
    pods,
    nodes: new Set([...nodes, ...(node ? [node] : [])]),
  };
}
