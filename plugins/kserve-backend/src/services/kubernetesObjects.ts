// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import { z } from 'zod';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const backendsSchema = z.object({
  rules: z.array(
    z.object({
      backendRefs: z.array(z.object({ name: z.string() })).optional(),
    }),
  ),
});

/** Name of the object that an event is about. */
export function involvedName(event: KubernetesObject): string | undefined {
  const involved = event.involvedObject as { name?: unknown } | undefined;
  return typeof involved?.name === 'string' ? involved.name : undefined;
}

/** When an event was last seen, ms since 1970; 0 where it does not say. */
export function eventTime(event: KubernetesObject): number {
  const { eventTime: at, lastTimestamp: last } = event;
  const text = last ?? at ?? event.metadata?.creationTimestamp;
  return (typeof text === 'string' && Date.parse(text)) || 0;
}

/** Whether an object is a pod with the condition Ready. */
export function isPodReady({ kind, status }: KubernetesObject): boolean {
  const { conditions } = (status ?? {}) as { conditions?: unknown };
  return (
    kind === 'Pod' &&
    Array.isArray(conditions) &&
    conditions.some(
      condition => condition?.type === 'Ready' && condition.status === 'True',
    )
  );
}

/** Without what nobody reads: half of an object can be managedFields. */
export function slim(object: KubernetesObject): KubernetesObject {
  const {
    managedFields: _,
    annotations,
    ...metadata
  } = object.metadata as NonNullable<KubernetesObject['metadata']> & {
    managedFields?: unknown;
  };
  const { [LAST_APPLIED]: __, ...others } = annotations ?? {};
  return {
    ...object,
    metadata: { ...metadata, ...(annotations && { annotations: others }) },
  };
}

/** Names of the Services that an HTTPRoute leads to. */
export function readBackends({ spec }: KubernetesObject): string[] {
  const { data } = backendsSchema.safeParse(spec);
  return (data?.rules ?? []).flatMap(({ backendRefs = [] }) =>
    backendRefs.map(({ name }) => name),
  );
}
