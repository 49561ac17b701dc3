// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const labelsSchema = z.record(z.string(), z.string());
const sampleSchema = z.tuple([z.number(), z.string()]);

/** What Prometheus says of what is wrong. */
export const failureSchema = z.object({ error: z.string() });

export const vectorSchema = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labelsSchema, value: sampleSchema })),
  }),
});

export const matrixSchema = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({ metric: labelsSchema, values: z.array(sampleSchema) }),
    ),
  }),
});

export const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            type: z.string(),
            name: z.string(),
            query: z.string().default(''),
            labels: labelsSchema.default({}),
            alerts: z
              .array(
                z.object({
                  labels: labelsSchema,
                  state: z.string(),
                  activeAt: z.string().optional(),
                }),
              )
              .default([]),
          }),
        ),
      }),
    ),
  }),
});
