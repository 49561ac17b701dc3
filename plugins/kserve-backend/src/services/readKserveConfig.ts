// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const whole = (minimum: number, maximum: number, fallback: number) =>
  z.number().int().min(minimum).max(maximum).default(fallback);

const limitsSchema = z.object({
  objectsPerCluster: whole(100, 1_000_000, 50_000),
  eventsPerService: whole(1, 1_000, 50),
  requestBytes: whole(1, 10_485_760, 1_048_576),
  answerBytes: whole(1, 10_485_760, 2_097_152),
  predictSeconds: whole(1, 300, 30),
  logBytes: whole(1, 104_857_600, 5_242_880),
  logSeconds: whole(1, 3_600, 600),
  silenceSeconds: whole(1, 600, 10),
});

const schema = z.object({
  access: z
    .object({ unmarked: z.enum(['allow', 'deny']).default('allow') })
    .prefault({}),
  limits: limitsSchema.prefault({}),
  gateways: z
    .array(
      z.object({
        cluster: z.string().min(1),
        metricsUrl: z.url({ protocol: /^https?$/ }),
      }),
    )
    .default([]),
  localBuild: z.object({ file: z.string().min(1) }).optional(),
});

/** Bounds of what the plugin keeps and sends; see config.d.ts. */
export type KserveLimits = z.infer<typeof limitsSchema>;

/** The section `kserve`, with its defaults. */
export type KserveConfig = z.infer<typeof schema>;

/** @throws InputError that names the config key. */
export function readKserveConfig(config: Config): KserveConfig {
  const parsed = schema.safeParse(config.getOptional('kserve') ?? {});
  if (parsed.success) {
    return parsed.data;
  }
  const [{ message, path }] = parsed.error.issues;
  throw new InputError(
    `Invalid config at '${['kserve', ...path].join('.')}': ${message}`,
  );
}
