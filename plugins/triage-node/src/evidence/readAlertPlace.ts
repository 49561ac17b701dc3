// SPDX-License-Identifier: Apache-2.0
import type { AlertSubject } from './types';

/** Names of Kubernetes' objects. */
const OBJECT_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const CLUSTER = /^[\w.:/@-]{1,250}$/;
/** Which labels name what serves, the most exact first. */
const SERVICE_LABELS = [
  'inferenceservice',
  'inference_service',
  'isvc',
  'label_serving_kserve_io_inferenceservice',
  'service_name',
  'model_name',
  'service',
  'deployment',
  'statefulset',
];

/**
 * What of an alert's labels names objects: names that Kubernetes takes, and no others.
 *
 * @public
 */
export function readAlertPlace(
  labels: Record<string, string>,
): Pick<
  AlertSubject,
  'cluster' | 'namespace' | 'pod' | 'container' | 'service'
> {
  const nameOf = (label: string) =>
    OBJECT_NAME.test(labels[label] ?? '') ? labels[label] : undefined;
  return {
    cluster: CLUSTER.test(labels.cluster ?? '') ? labels.cluster : undefined,
    namespace: nameOf('namespace'),
    pod: nameOf('pod'),
    container: nameOf('container'),
    service: SERVICE_LABELS.map(nameOf).find(Boolean),
  };
}
