// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { z } from 'zod';
import { readJsonIfValid, writeAtomically } from '../../../bootstrap/files.mjs';

const terminatedSchema = z.object({
  exitCode: z.number(),
  reason: z.string().optional(),
  message: z.string().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  containerID: z.string().optional(),
});

const recordSchema = z.object({
  id: z.string(),
  restartCount: z.number().int(),
  imageID: z.string(),
  startedAt: z.number(),
  process: z
    .object({ pid: z.number().int(), startTime: z.string() })
    .optional(),
  terminated: terminatedSchema.optional(),
  last: terminatedSchema.optional(),
  /** Container ports and the host ports behind them. */
  ports: z.array(z.tuple([z.number(), z.number()])),
  /** What a probe's command needs. */
  command: z.object({
    argv: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    cwd: z.string(),
    places: z.object({
      root: z.string(),
      mappings: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
  }),
});

/** What a kubelet that was killed leaves to the next about one run of a container. */
export type ContainerRecord = z.infer<typeof recordSchema>;

const FILE = 'record.json';

/** @param dir - The container's folder. */
export function readContainerRecord(dir: string): ContainerRecord | undefined {
  const { data } = recordSchema.safeParse(
    readJsonIfValid(path.join(dir, FILE)),
  );
  return data;
}

/** @param dir - The container's folder. */
export function writeContainerRecord(
  dir: string,
  record: ContainerRecord,
): void {
  writeAtomically(path.join(dir, FILE), JSON.stringify(record), 0o600);
}
