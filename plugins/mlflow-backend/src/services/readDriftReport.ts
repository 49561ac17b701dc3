// SPDX-License-Identifier: Apache-2.0
import {
  MLFLOW_DRIFT_VERDICTS,
  type MlflowDriftReport,
} from '@greenroom/plugin-mlflow-common';
import { z } from 'zod';

const MAX_FEATURES = 200;
const MAX_BINS = 40;
const MAX_WINDOWS = 120;
const MAX_NAME = 200;

const verdict = z.enum(MLFLOW_DRIFT_VERDICTS);
const name = z.string().transform(text => text.slice(0, MAX_NAME));
const share = z.number().min(0).max(1);
const count = z.number().min(0);
const figure = z
  .number()
  .nullish()
  .transform(value => value ?? undefined);
const time = z.iso
  .datetime({ offset: true })
  .nullish()
  .transform(text => (text ? Date.parse(text) : undefined));
const moment = z.iso
  .datetime({ offset: true })
  .transform(text => Date.parse(text));

/** `drift.json`, version 2, as the README of greenroom-ml describes it. */
const reportSchema = z.object({
  schema_version: z.literal(2),
  features: z
    .array(
      z
        .object({
          name: name.nullish().transform(text => text || undefined),
          observations: count,
          psi: figure,
          shift: figure,
          q_value: figure,
          verdict,
          since: time,
          bins: z.array(z.object({ name, reference: share, now: share })),
        })
        .transform(({ q_value: qValue, bins, ...feature }) => ({
          ...feature,
          qValue,
          bins: bins.slice(0, MAX_BINS),
        })),
    )
    .transform(list => list.slice(0, MAX_FEATURES)),
  windows: z
    .array(z.object({ from: moment, to: moment, verdict, rows: count }))
    .transform(list => list.slice(-MAX_WINDOWS)),
  inputs: z.array(
    z.object({
      kind: z.enum(['requests', 'confidence', 'latency', 'accuracy']),
      observations: count,
      value: figure,
      reference: figure,
      unit: z
        .string()
        .nullish()
        .transform(text => text?.slice(0, MAX_NAME)),
    }),
  ),
});

const NOTHING = { features: [], windows: [], inputs: [] };

/** What the report proves the verdict with; nothing, and why, where it cannot be read. */
export function readDriftReport(json: unknown): Pick<
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
  const { features, windows, inputs } = parsed.data;
  return { features, windows, inputs };
}
