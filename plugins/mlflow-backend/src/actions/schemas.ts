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

/** Size of a page; text is accepted, since template steps pass text. */
export function pageSizeSchema(z: Zod) {
  return z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Items of a page, 1 to 100; default 20');
}

/** Where a list goes on. */
export function pageTokenSchema(z: Zod) {
  return z
    .string()
    .max(8_000)
    .optional()
    .describe('`nextPageToken` of the page before');
}

/** What every answer says about instances that failed. */
export function failureSchemas(z: Zod) {
  return {
    errors: z
      .array(
        z.object({
          instance: z.string(),
          code: z.string(),
          message: z.string(),
          retryable: z.boolean(),
          since: z.number().optional(),
        }),
      )
      .describe('MLflow instances that did not answer, and why'),
    staleSince: z
      .number()
      .optional()
      .describe(
        'Set when the answer is an earlier one: when it was fetched (ms since 1970)',
      ),
  };
}

const metricValue = (z: Zod) =>
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

/** `MlflowRun` of `@greenroom/plugin-mlflow-common`. */
export function runSchema(z: Zod) {
  return z.object({
    instance: z.string(),
    runId: z.string(),
    runName: z.string(),
    experimentId: z.string(),
    experimentName: z.string().optional(),
    status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
    lifecycleStage: z.literal('deleted').optional(),
    parentRunId: z
      .string()
      .optional()
      .describe('The run that this one is a child of'),
    startTime: z.number().optional().describe('ms since 1970'),
    endTime: z.number().optional().describe('ms since 1970'),
    user: z.string().optional(),
    metrics: z.record(metricValue(z)),
    params: z.record(z.string()),
    tags: z.record(z.string()),
    datasets: z.array(
      z.object({
        name: z.string(),
        digest: z.string(),
        context: z.string().optional(),
      }),
    ),
    gate: z
      .object({
        metric: z.string(),
        direction: z.enum(['maximize', 'minimize']),
        threshold: z.number(),
        value: metricValue(z),
        interval: z
          .object({ low: z.number(), high: z.number() })
          .optional()
          .describe('95 % interval of the value'),
        constantValue: z
          .number()
          .optional()
          .describe('The metric of the same answer to every row'),
        linearValue: z
          .number()
          .optional()
          .describe('The metric of a linear model'),
        passed: z.boolean(),
        isUnsure: z
          .boolean()
          .optional()
          .describe('The threshold lies within the interval'),
        reason: z.string().optional().describe('Text of the run: untrusted'),
        championVersion: z.string().optional(),
        championValue: z.number().optional(),
        candidateValue: z
          .number()
          .optional()
          .describe("The run's metric on the rows of championValue"),
      })
      .optional()
      .describe(
        'Verdict of the quality gate; absent when the run was not gated',
      ),
    commit: z
      .object({
        sha: z.string(),
        branch: z.string().optional(),
        url: z.string().optional(),
      })
      .optional(),
    ciRun: z
      .object({
        id: z.string(),
        attempt: z.string().optional(),
        workflow: z.string().optional(),
        url: z.string().optional(),
      })
      .optional(),
    modelVersions: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        aliases: z.array(z.string()),
      }),
    ),
    url: z.string().optional(),
  });
}

/** `MlflowModelVersion` of `@greenroom/plugin-mlflow-common`. */
export function modelVersionSchema(z: Zod) {
  return z.object({
    instance: z.string(),
    name: z.string(),
    version: z.string(),
    status: z.enum(['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY']),
    statusMessage: z.string().optional(),
    aliases: z.array(z.string()),
    stage: z
      .enum(['Staging', 'Production', 'Archived'])
      .optional()
      .describe('What MLflow used before aliases'),
    description: z.string().optional(),
    creationTime: z.number().optional().describe('ms since 1970'),
    lastUpdatedTime: z.number().optional().describe('ms since 1970'),
    user: z.string().optional(),
    runId: z.string().optional(),
    run: runSchema(z).optional().describe('The run the version comes from'),
    runMissing: z
      .enum(['deleted', 'not-found', 'not-allowed'])
      .optional()
      .describe('Why there is no `run` though there is a `runId`'),
    tags: z.record(z.string()),
    url: z.string().optional(),
  });
}

const countSchema = (z: Zod) =>
  z.object({ count: z.number(), isMore: z.boolean() });

/** `MlflowExperimentSummary` of `@greenroom/plugin-mlflow-common`. */
export function experimentSummariesSchema(z: Zod) {
  return z
    .array(
      z.object({
        instance: z.string(),
        name: z.string(),
        experimentId: z.string().optional(),
        state: z.enum([
          'active',
          'deleted',
          'missing',
          'not-allowed',
          'unknown',
        ]),
        traces: countSchema(z).optional(),
        loggedModels: countSchema(z).optional(),
        url: z.string().optional(),
      }),
    )
    .describe(
      'The experiments that the entity names; `traces` and `loggedModels` say what one without runs holds',
    );
}

/** `MlflowRegisteredModelSummary` of `@greenroom/plugin-mlflow-common`. */
export function registeredModelSummariesSchema(z: Zod) {
  return z
    .array(
      z.object({
        instance: z.string(),
        name: z.string(),
        state: z.enum(['registered', 'missing', 'not-allowed', 'unknown']),
        isPrompt: z.boolean().optional(),
        url: z.string().optional(),
      }),
    )
    .describe('The registered models and prompts that the entity names');
}
