// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import { z } from 'zod';
import type { Json } from './json';

/** More are of no one alert. */
const MAX_OBJECTS = 2000;
const MAX_ERRORS = 20;

const text = z.string().max(1000);
const texts = z.record(z.string(), z.string());
const container = z.looseObject({
  name: text,
  image: z.string().optional(),
  env: z.array(z.looseObject({ name: text })).optional(),
  args: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
});

/** What is looked at in every object; the rest is read where it is needed. */
const objectSchema = z.looseObject({
  kind: text,
  metadata: z.looseObject({
    name: text,
    namespace: text.optional(),
    creationTimestamp: z.string().optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
    ownerReferences: z
      .array(z.looseObject({ kind: text, name: text }))
      .optional(),
  }),
  spec: z
    .looseObject({
      containers: z.array(container).optional(),
      template: z
        .looseObject({
          spec: z
            .looseObject({ containers: z.array(container).optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  status: z.looseObject({}).optional(),
});

/** An object of Kubernetes. */
export interface KubeObject {
  kind: string;
  name: string;
  namespace?: string;
  createdAt?: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  owner?: { kind: string; name: string };
  raw: Json;
}

/** Objects as Kubernetes gives them; what is none is named by its place. */
export function readObjects(values: unknown[]): {
  objects: KubeObject[];
  errors: StageError[];
} {
  const errors: StageError[] = [];
  const objects = values.slice(0, MAX_OBJECTS).flatMap((value, index) => {
    const { success, data, error } = objectSchema.safeParse(value);
    if (!success) {
      const [issue] = error.issues;
      errors.push({
        stage: 'objects',
        code: 'malformed',
        message: `Object ${index + 1} is left out: ${issue.path.join('.') || 'it'} is not what Kubernetes writes there.`,
      });
      return [];
    }
    const { metadata } = data;
    const created = Date.parse(metadata.creationTimestamp ?? '');
    const [owner] = metadata.ownerReferences ?? [];
    return [
      {
        kind: data.kind,
        name: metadata.name,
        namespace: metadata.namespace,
        createdAt: Number.isNaN(created) ? undefined : created,
        labels: metadata.labels ?? {},
        annotations: metadata.annotations ?? {},
        ...(owner && { owner: { kind: owner.kind, name: owner.name } }),
        raw: data,
      },
    ];
  });
  if (values.length > MAX_OBJECTS) {
    errors.unshift({
      stage: 'objects',
      code: 'too-many',
      message: `Only the first ${MAX_OBJECTS} of ${values.length} objects are read.`,
    });
  }
  return {
    objects,
    errors:
      errors.length > MAX_ERRORS
        ? [
            ...errors.slice(0, MAX_ERRORS),
            {
              stage: 'objects',
              code: 'malformed',
              message: `${errors.length - MAX_ERRORS} more objects are left out.`,
            },
          ]
        : errors,
  };
}
