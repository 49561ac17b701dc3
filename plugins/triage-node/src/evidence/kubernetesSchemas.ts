// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  creationTimestamp: z.string().optional(),
  ownerReferences: z
    .array(z.object({ kind: z.string(), name: z.string() }))
    .optional(),
});

/** What is read of any object. */
export const objectSchema = z.looseObject({
  kind: z.string().optional(),
  metadata: metadataSchema,
});

/** @see objectSchema */
export type ReadObject = z.infer<typeof objectSchema>;

const statusSchema = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
});

/** What is read of a pod. */
export const podSchema = objectSchema.extend({
  spec: z.looseObject({
    nodeName: z.string().optional(),
    containers: z.array(z.looseObject({ name: z.string() })).default([]),
    initContainers: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
  status: z
    .looseObject({
      containerStatuses: z.array(z.looseObject(statusSchema.shape)).default([]),
      initContainerStatuses: z
        .array(z.looseObject(statusSchema.shape))
        .default([]),
    })
    .prefault({}),
});

/** @see podSchema */
export type ReadPod = z.infer<typeof podSchema>;

/** What is read of a Deployment, to find what belongs to it. */
export const deploymentSchema = objectSchema.extend({
  spec: z.looseObject({
    selector: z.object({
      matchLabels: z.record(z.string(), z.string()).default({}),
    }),
  }),
});

/** A list; what in it cannot be read is left out. */
export const listSchema = z.object({ items: z.array(z.unknown()) });
