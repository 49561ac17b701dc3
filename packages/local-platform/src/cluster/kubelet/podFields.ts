// SPDX-License-Identifier: Apache-2.0
import os from 'node:os';
import { ContainerSpec, Pod } from './kubeTypes';
import { ConfigError } from './PodObjects';
import { parseQuantity } from './parseQuantity';

/** What of a pod's fields only its kubelet knows. */
export interface PodPlace {
  nodeName: string;
  nodeIP: string;
  podIP: string;
}

const KEYED_FIELD = /^metadata\.(labels|annotations)\['([^']+)'\]$/;

/** The value of a field of a pod, as the downward API gives it. */
export function fieldOfPod(pod: Pod, place: PodPlace, path: string): string {
  const { metadata, spec } = pod;
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata?.name,
    'metadata.namespace': metadata?.namespace,
    'metadata.uid': metadata?.uid,
    'metadata.labels': formatMap(metadata?.labels),
    'metadata.annotations': formatMap(metadata?.annotations),
    'spec.nodeName': place.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.hostIP': place.nodeIP,
    'status.hostIPs': place.nodeIP,
    'status.podIP': place.podIP,
    'status.podIPs': place.podIP,
  };
  if (Object.hasOwn(fields, path)) {
    return fields[path] ?? '';
  }
  const [, kind, key] = KEYED_FIELD.exec(path) ?? [];
  if (kind) {
    const map: Record<string, string> =
      metadata?.[kind as 'labels' | 'annotations'] ?? {};
    return map[key] ?? '';
  }
  throw new ConfigError(`unsupported fieldPath: ${path}`);
}

/** The value of a container's resource, in units of the divisor, rounded up; without a limit, the machine's. */
export function resourceOfContainer(
  container: ContainerSpec,
  resource: string,
  divisor = '1',
): string {
  const [kind, name] = splitOnce(resource);
  const given: Record<string, string> | undefined =
    kind === 'limits'
      ? container.resources?.limits
      : container.resources?.requests;
  const machine: Record<string, number> =
    kind === 'limits' ? { cpu: os.cpus().length, memory: os.totalmem() } : {};
  const amount = given?.[name]
    ? parseQuantity(given[name])
    : (machine[name] ?? 0);
  const unit = Number(divisor) === 0 ? 1 : parseQuantity(divisor);
  return String(Math.ceil(amount / unit));
}

function splitOnce(text: string): [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

function formatMap(map: Record<string, string> | undefined): string {
  return Object.keys(map ?? {})
    .sort()
    .map(key => `${key}=${JSON.stringify(map![key])}`)
    .join('\n');
}
