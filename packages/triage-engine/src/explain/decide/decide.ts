// SPDX-License-Identifier: Apache-2.0
import {
  FINDING_SEVERITIES,
  PRIORITIES,
  type FailureType,
  type Finding,
  type TestSummary,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import type { DecisionSeverity, Level, Place } from './levels';
import { FINDING_LEVELS, POLICIES } from './policy';

/** What a decision is made from; nothing a model said is among it. */
export interface DecisionInput {
  type: FailureType;
  findings: Finding[];
  tests: TestSummary[];
  /** Where the failed job deploys to. */
  environment?: 'dev' | 'staging' | 'prod';
  /** Of the default branch, or of a release. */
  isProtected?: boolean;
  /** Whether it is an alert, of no branch. */
  isAlert?: boolean;
  /** From the catalog. */
  owner?: string;
}

const SEVERITIES: readonly DecisionSeverity[] = [
  'critical',
  'high',
  'medium',
  'low',
];

const PLACES: Record<Place, string> = {
  prod: 'in production',
  protected: 'on a protected branch',
  other: 'on a branch that is not protected',
};

const PLACES_OF_ALERTS: Record<Place, string> = {
  prod: 'in production',
  protected: 'of a service',
  other: 'in development',
};

function placeOf({ environment, isProtected }: DecisionInput): Place {
  if (environment === 'prod') {
    return 'prod';
  }
  return isProtected ? 'protected' : 'other';
}

function worse(a: Level, b: Level): Level {
  return [
    SEVERITIES[Math.min(SEVERITIES.indexOf(a[0]), SEVERITIES.indexOf(b[0]))],
    PRIORITIES[Math.min(PRIORITIES.indexOf(a[1]), PRIORITIES.indexOf(b[1]))],
  ];
}

function worstFinding(
  findings: Finding[],
  kinds: readonly Finding['kind'][] = [],
): Finding | undefined {
  return findings
    .filter(({ kind }) => kinds.includes(kind))
    .reduce<Finding | undefined>(
      (worst, finding) =>
        worst === undefined ||
        FINDING_SEVERITIES.indexOf(finding.severity) <
          FINDING_SEVERITIES.indexOf(worst.severity)
          ? finding
          : worst,
      undefined,
    );
}

/**
 * Severity, priority and labels of a failure, by the table in `policy.ts`.
 *
 * Only findings of the kind that failed the pipeline count: what a test printed
 * about a vulnerability raises nothing.
 */
export function decide(input: DecisionInput): TriageReport['decision'] {
  const { type, findings, tests, owner } = input;
  const policy = POLICIES[type];
  const place = placeOf(input);
  const branch = place === 'other' ? 'other' : 'protected';
  let level =
    place === 'prod'
      ? (policy.levels.prod ?? policy.levels.protected)
      : policy.levels[place];
  const reasons = [
    `Type ${type} ${(input.isAlert ? PLACES_OF_ALERTS : PLACES)[place]}: ${policy.reason}.`,
  ];

  const worst = worstFinding(findings, policy.kinds);
  const raised = worst && FINDING_LEVELS[worst.severity]?.[branch];
  if (worst && raised) {
    level = worse(level, raised);
    reasons.push(`The worst finding of this scan is ${worst.severity}.`);
  }
  const failedTests = tests.reduce(
    (sum, { failed, errors, failedTests: names }) =>
      sum + Math.max((failed ?? 0) + (errors ?? 0), names.length),
    0,
  );
  if (type === 'unit-test' && failedTests > 0) {
    reasons.push(
      `${failedTests} ${failedTests === 1 ? 'test' : 'tests'} failed.`,
    );
  }
  const [severity, priority] = level;
  return {
    severity,
    priority,
    labels: [
      'triage',
      ...(policy.label ? [policy.label] : []),
      `priority: ${priority}`,
    ],
    ...(owner ? { owner } : {}),
    reasons,
  };
}
