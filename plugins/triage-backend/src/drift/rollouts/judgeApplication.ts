// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Judgement } from './judgeInferenceService';

const sourceSchema = z.object({ repoURL: z.string() });

const applicationSchema = z.object({
  spec: z
    .object({
      source: sourceSchema.optional(),
      sources: z.array(sourceSchema).optional(),
    })
    .optional(),
  /** What is about to be done. */
  operation: z.unknown().optional(),
  status: z
    .object({
      sync: z.object({ status: z.string().optional() }).optional(),
      health: z.object({ status: z.string().optional() }).optional(),
      operationState: z.object({ phase: z.string().optional() }).optional(),
    })
    .default({}),
});

/** Suspended is on purpose. */
const SETTLED_HEALTH = ['Healthy', 'Suspended'];

/** Whether the cluster is as Git says, and nothing is being changed. */
export function judgeApplication(
  object: unknown,
): Judgement & { repositories: string[] } {
  const { data } = applicationSchema.safeParse(object);
  if (!data) {
    return { is: 'is in no known form', isSettled: false, repositories: [] };
  }
  const { operation, spec, status } = data;
  const sync = status.sync?.status ?? 'Unknown';
  const health = status.health?.status ?? 'Unknown';
  const phase = status.operationState?.phase ?? '';
  const isBusy =
    operation !== undefined || ['Running', 'Terminating'].includes(phase);
  const words = [
    ...(sync === 'Synced' ? [] : [sync]),
    ...(SETTLED_HEALTH.includes(health) ? [] : [health]),
    ...(isBusy ? ['being synced'] : []),
  ];
  return {
    is: `is ${words.join(', ') || `${sync} and ${health}`}`,
    isSettled: words.length === 0,
    repositories: [spec?.source, ...(spec?.sources ?? [])].flatMap(
      source => source?.repoURL ?? [],
    ),
  };
}
