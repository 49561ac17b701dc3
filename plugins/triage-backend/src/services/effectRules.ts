// SPDX-License-Identifier: Apache-2.0
import {
  FAILURE_TYPES,
  PRIORITIES,
  type FailureType,
  type IncidentEffect,
  type Priority,
} from '@greenroom/plugin-triage-common';
import type { EffectContext } from '@greenroom/plugin-triage-node';
import { z } from 'zod';

/** Which reports go where; the first rule of a kind that fits is enough. */
export const effectRuleSchema = z.strictObject({
  kind: z.enum(['comment', 'issue', 'slack', 'check-run']),
  types: z.array(z.enum(FAILURE_TYPES)).optional(),
  exceptTypes: z.array(z.enum(FAILURE_TYPES)).optional(),
  branches: z
    .union([z.enum(['all', 'default', 'other']), z.array(z.string())])
    .default('all'),
  repositories: z.array(z.string()).optional(),
  /** And whatever is more pressing. */
  minimumPriority: z.enum(PRIORITIES).optional(),
});

/** @see effectRuleSchema */
export type EffectRule = z.infer<typeof effectRuleSchema>;

/** Nobody has to mend what somebody cancelled, and a flaky test is no task yet. */
const NO_TASK: FailureType[] = ['cancelled', 'flaky', 'infrastructure'];

/** Where configuration says nothing. Without a channel of Slack its rule does nothing. */
export const DEFAULT_EFFECT_RULES: EffectRule[] = [
  { kind: 'comment', exceptTypes: ['cancelled'], branches: 'all' },
  { kind: 'issue', exceptTypes: NO_TASK, branches: 'default' },
  { kind: 'slack', exceptTypes: NO_TASK, branches: 'default' },
];

/** Whether a report goes there. */
export function isWanted(
  rules: EffectRule[],
  kind: IncidentEffect['kind'],
  { run, report }: EffectContext,
): boolean {
  const { type } = report.failure;
  return rules.some(
    rule =>
      rule.kind === kind &&
      (rule.types?.includes(type) ?? true) &&
      !rule.exceptTypes?.includes(type) &&
      fitsBranch(rule.branches, run) &&
      (rule.repositories?.includes(run.repository) ?? true) &&
      isPressing(report.decision.priority, rule.minimumPriority),
  );
}

function fitsBranch(
  branches: EffectRule['branches'],
  { branch, isDefaultBranch }: EffectContext['run'],
): boolean {
  switch (branches) {
    case 'all':
      return true;
    case 'default':
      return isDefaultBranch;
    case 'other':
      return !isDefaultBranch;
    default:
      return branches.includes(branch);
  }
}

function isPressing(priority: Priority, minimum: Priority = 'P3'): boolean {
  return PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(minimum);
}
