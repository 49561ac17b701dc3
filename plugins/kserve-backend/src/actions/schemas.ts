// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

/** The entity, as every action takes it. */
export function entityRefSchema(z: Zod) {
  return z
    .string()
    .min(1)
    .max(200)
    .describe(
      'Catalog entity, e.g. `component:default/churn`; the kind is Component and the namespace default where left out',
    );
}

/** @throws InputError for a text that is no entity ref. */
export function toEntityRef(text: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, {
        defaultKind: 'Component',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    throw new InputError(
      "'entityRef' must be an entity ref such as component:default/churn",
    );
  }
}

/** Which inference service of the entity. */
export function serviceSchemas(z: Zod) {
  return {
    entityRef: entityRefSchema(z),
    cluster: z
      .string()
      .min(1)
      .max(253)
      .describe('Cluster of the inference service'),
    namespace: z.string().min(1).max(63),
    service: z
      .string()
      .min(1)
      .max(253)
      .describe('Name of the inference service'),
  };
}

/** A flag; text is accepted, since template steps pass text. */
export function flagSchema(z: Zod, description: string) {
  return z
    .preprocess(
      value => value === 'true' || (value === 'false' ? false : value),
      z.boolean().optional(),
    )
    .describe(description);
}

/** `KserveClusterError` of `@greenroom/plugin-kserve-common`. */
export function errorsSchema(z: Zod) {
  return z
    .array(
      z.object({
        cluster: z.string(),
        code: z.string(),
        message: z.string(),
        retryable: z.boolean(),
        staleSince: z.number().optional().describe('ms since 1970'),
      }),
    )
    .describe('Clusters and references that gave no (new) answer, and why');
}

/** `KserveClusterSummary` of `@greenroom/plugin-kserve-common`. */
export function clustersSchema(z: Zod) {
  return z.array(
    z.object({
      name: z.string(),
      title: z.string().optional(),
      state: z.enum(['connected', 'connecting', 'failed']),
      kserve: z.boolean(),
      argocd: z.boolean(),
      kserveVersions: z.array(z.string()),
    }),
  );
}

const sharesSchema = (z: Zod) =>
  z.array(z.object({ revision: z.string(), percent: z.number() })).nullable();

/** `KserveExplanation` of `@greenroom/plugin-kserve-common`. */
function explanationSchema(z: Zod) {
  return z.object({
    state: z.enum(['ready', 'progressing', 'degraded', 'stopped', 'unknown']),
    sentence: z.string(),
    reasons: z.array(z.string()),
    evidence: z.array(z.object({ source: z.string(), quote: z.string() })),
    next: z.string(),
    traffic: sharesSchema(z),
  });
}

/**
 * The part of `KserveInferenceService` that every reader needs; what else the page
 * shows of it (pods, events, steps) passes through.
 */
export function inferenceServiceSchema(z: Zod) {
  return z
    .object({
      cluster: z.string(),
      namespace: z.string(),
      name: z.string(),
      kind: z.enum(['InferenceService', 'LLMInferenceService']),
      explanation: explanationSchema(z),
      url: z.string().optional(),
      deploymentMode: z.string().optional(),
      runtime: z.string().optional(),
      traffic: z.object({
        asked: sharesSchema(z),
        routed: sharesSchema(z),
        observed: sharesSchema(z),
        mismatch: z.string().optional(),
      }),
    })
    .passthrough();
}
