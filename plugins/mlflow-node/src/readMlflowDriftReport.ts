// SPDX-License-Identifier: Apache-2.0
import {
  MLFLOW_DRIFT_LEVELS,
  MLFLOW_DRIFT_VERDICTS,
  type MlflowDriftBin,
  type MlflowDriftInput,
  type MlflowDriftReport,
} from '@greenroom/plugin-mlflow-common';
import { z } from 'zod';

const MAX_FEATURES = 200;
const MAX_BINS = 40;
const MAX_WINDOWS = 120;
const MAX_NAME = 200;

const name = z.string().transform(text => text.slice(0, MAX_NAME));
const count = z.number().min(0);
const figure = z
  .number()
  .nullish()
  .transform(value => value ?? undefined);
const time = z.iso
  .datetime({ offset: true })
  .nullish()
  .transform(text => (text ? Date.parse(text) : undefined));
const shares = z.array(z.number().min(0).max(1));

const binsSchema = z
  .object({ names: z.array(name), reference: shares, now: shares })
  .transform(({ names, now, reference }) =>
    names
      .slice(0, MAX_BINS)
      .flatMap((bin, index): MlflowDriftBin[] =>
        reference[index] === undefined || now[index] === undefined
          ? []
          : [{ name: bin, reference: reference[index], now: now[index] }],
      ),
  );

const featureSchema = z
  .object({
    observations: count,
    reference_observations: count.nullish(),
    psi: figure,
    shift: figure,
    q: figure,
    level: z.enum(MLFLOW_DRIFT_LEVELS),
    since: time,
    bins: binsSchema,
  })
  .transform(({ q: qValue, reference_observations: rows, ...feature }) => ({
    ...feature,
    qValue,
    referenceObservations: rows ?? undefined,
  }));

const inputSchema = z.object({ observations: count });

/** `drift.json`, as the README of greenroom-ml describes its version 1. */
const reportSchema = z.object({
  schema_version: z.literal(1),
  features: z
    .array(z.object({ name }).and(featureSchema))
    .transform(list => list.slice(0, MAX_FEATURES)),
  prediction: featureSchema,
  windows: z
    .array(
      z.object({
        from: time,
        to: time,
        verdict: z.enum(MLFLOW_DRIFT_VERDICTS),
        rows: count,
      }),
    )
    .transform(list => list.slice(-MAX_WINDOWS)),
  inputs: z.object({
    requests: inputSchema,
    confidence: inputSchema.extend({
      variance: figure,
      reference_variance: figure,
    }),
    latency: inputSchema.extend({
      p95_seconds: figure,
      p95_seconds_before: figure,
    }),
    accuracy: inputSchema.extend({
      metric: z.string().nullish(),
      value: figure,
      reference: figure,
    }),
  }),
});

type Details = Pick<MlflowDriftReport, 'features' | 'windows' | 'inputs'>;

const NOTHING: Details = { features: [], windows: [], inputs: [] };

function toInputs({
  accuracy,
  confidence,
  latency,
  requests,
}: z.infer<typeof reportSchema>['inputs']): MlflowDriftInput[] {
  return [
    {
      kind: 'requests',
      observations: requests.observations,
      value: requests.observations,
    },
    {
      kind: 'confidence',
      observations: confidence.observations,
      value: confidence.variance,
      reference: confidence.reference_variance,
    },
    {
      kind: 'latency',
      observations: latency.observations,
      value: latency.p95_seconds,
      reference: latency.p95_seconds_before,
      unit: 'seconds',
    },
    {
      kind: accuracy.metric === 'accuracy' ? 'accuracy' : 'error',
      observations: accuracy.observations,
      value: accuracy.value,
      reference: accuracy.reference,
    },
  ];
}

/**
 * What `drift.json` of an analysis proves its verdict with; nothing, and why, where it
 * cannot be read. Its form is described in the README of greenroom-ml.
 *
 * @public
 */
export function readMlflowDriftReport(json: unknown): Pick<
  MlflowDriftReport,
  'features' | 'windows' | 'inputs'
> & {
  error?: string;
} {
  const parsed = reportSchema.safeParse(json);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return { ...NOTHING, error: `${path.join('.') || 'it'}: ${message}` };
  }
  const { features, inputs, prediction, windows } = parsed.data;
  return {
    // What the model answers stands first: that is what people get.
    features: [prediction, ...features],
    windows,
    inputs: toInputs(inputs),
  };
}
