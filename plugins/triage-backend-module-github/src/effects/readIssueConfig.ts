// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  FAILURE_TYPES,
  type FailureType,
} from '@greenroom/plugin-triage-common';
import { z } from 'zod';

const ruleSchema = z.strictObject({
  types: z.array(z.enum(FAILURE_TYPES)).optional(),
  labels: z.array(z.string().min(1).max(50)).default([]),
  assignees: z.array(z.string().regex(/^[\w-]{1,39}$/)).default([]),
  team: z
    .string()
    .regex(/^[\w-]+\/[\w.-]+$/, 'must be org/team')
    .optional(),
});

/** Who is told by an issue of which types. */
export type IssueRule = z.infer<typeof ruleSchema>;

/** @throws InputError that names the key */
export function readIssueConfig(config: Config): IssueRule[] {
  const parsed = z
    .array(ruleSchema)
    .safeParse(config.getOptional('triage.github.issues') ?? []);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new InputError(
      `'triage.github.issues.${path.join('.')}': ${message}`,
    );
  }
  return parsed.data;
}

/** What of the rules holds for a type of failure. */
export function selectIssueRules(rules: IssueRule[], type: FailureType) {
  const fitting = rules.filter(({ types }) => types?.includes(type) ?? true);
  return {
    labels: fitting.flatMap(({ labels }) => labels),
    assignees: [...new Set(fitting.flatMap(({ assignees }) => assignees))],
    teams: [...new Set(fitting.flatMap(({ team }) => team ?? []))],
  };
}
