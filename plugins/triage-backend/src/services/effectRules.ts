// SPDX-License-Identifier: Apache-2.0
import {
  FAILURE_TYPES,
  INCIDENT_KINDS,
  PRIORITIES,
  type FailureType,
  type IncidentEffect,
  type IncidentKind,
  type Priority,
} from '@greenroom/plugin-triage-common';
import type {
  AlertEffectContext,
  EffectContext,
} from '@greenroom/plugin-triage-node';
import { z } from 'zod';

/** Which reports go where; the first rule of a kind that fits is enough. */
export const effectRuleSchema = z.strictObject({
  kind: z.enum(['comment', 'issue', 'slack', 'check-run']),
  incidents: z.array(z.enum(INCIDENT_KINDS)).optional(),
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
  {
    kind: 'comment',
    incidents: ['pipeline'],
    exceptTypes: ['cancelled'],
    branches: 'all',
  },
  {
    kind: 'issue',
    incidents: ['pipeline'],
    exceptTypes: NO_TASK,
    branches: 'default',
  },
  {
    kind: 'slack',
    incidents: ['pipeline'],
    exceptTypes: NO_TASK,
    branches: 'default',
  },
  // Somebody wanted to be woken by an alert: whatever its cause is.
  { kind: 'issue', incidents: ['alert'], branches: 'all' },
  { kind: 'slack', incidents: ['alert'], branches: 'all' },
  // Its workflow opens an issue by itself.
  { kind: 'slack', incidents: ['drift'], branches: 'all' },
];

/** Whether the report of a pipeline or of drift goes there. */
export function isWanted(
  rules: EffectRule[],
  kind: IncidentEffect['kind'],
  incident: IncidentKind,
  { run, report }: EffectContext,
): boolean {
  return rules.some(
    rule =>
      fits(rule, { kind, incident, report }) &&
      fitsBranch(rule.branches, run) &&
      (rule.repositories?.includes(run.repository) ?? true),
  );
}

/** Whether the report of an alert goes there; alerts are of no branch. */
export function isAlertWanted(
  rules: EffectRule[],
  kind: IncidentEffect['kind'],
  { report, repository }: AlertEffectContext,
): boolean {
  return rules.some(
    rule =>
      fits(rule, { kind, incident: 'alert', report }) &&
      (rule.repositories?.includes(repository?.repository ?? '') ?? true),
  );
}

function fits(
  rule: EffectRule,
  options: {
    kind: IncidentEffect['kind'];
    incident: IncidentKind;
    report: EffectContext['report'];
  },
): boolean {
  const { kind, incident, report } = options;
  const { type } = report.failure;
  return (
    rule.kind === kind &&
    (rule.incidents?.includes(incident) ?? true) &&
    (rule.types?.includes(type) ?? true) &&
    !rule.exceptTypes?.includes(type) &&
    isPressing(report.decision.priority, rule.minimumPriority)
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
