// SPDX-License-Identifier: Apache-2.0
import type {
  Change,
  Finding,
  StageError,
  Suspect,
  TestSummary,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import type { Classification } from '../classify/types';
import type { FailedStep } from '../steps/types';
import type { Reduction } from '../evidence/reduce/types';
import { FAILURE_GUIDES, RUN_AGAIN } from './failureGuides';

/** As many findings as a report may hold; what is more is counted. */
const MAX_FINDINGS = 500;

/** What the stages found, before it is put together. */
export interface DraftInput {
  incident: Omit<TriageReport['incident'], 'kind'>;
  step?: FailedStep;
  reductions: Reduction[];
  classification: Classification;
  signature: string;
  findings: Finding[];
  tests: TestSummary[];
  changes: Change[];
  suspects: Suspect[];
  excluded: NonNullable<TriageReport['excluded']>;
  decision: TriageReport['decision'];
  errors: StageError[];
}

function summarize({ step, classification, findings, tests }: DraftInput) {
  const where = step
    ? ` in ${[step.job, step.name].filter(Boolean).join(' / ')}`
    : '';
  const failing = tests.flatMap(test => test.failedTests).length;
  const counted = [
    ...(failing > 0
      ? [`${failing} failing test${failing > 1 ? 's' : ''}`]
      : []),
    ...(findings.length > 0
      ? [`${findings.length} finding${findings.length > 1 ? 's' : ''}`]
      : []),
  ];
  const { type, isProven } = classification;
  return `The pipeline failed${where}: ${FAILURE_GUIDES[isProven ? type : 'unknown'].what}${
    counted.length > 0 ? ` (${counted.join(', ')})` : ''
  }.`;
}

function rootCauseOf({
  classification,
  step,
  reductions,
}: DraftInput): TriageReport['rootCause'] {
  if (classification.isProven && classification.evidence.length > 0) {
    return {
      outcome: 'identified',
      statement: classification.reason,
      evidence: classification.evidence,
      confidence: 'medium',
    };
  }
  const kept = reductions.reduce((sum, each) => sum + each.lines.length, 0);
  return {
    outcome: 'inconclusive',
    missing: [
      ...(kept === 0
        ? ['The log of the step that failed; it is empty or was deleted.']
        : []),
      ...(step ? [] : ['Which step failed: the logs mark none.']),
      ...(reductions.some(each => each.comparedWithPass)
        ? []
        : [
            'The log of a run of the same job that passed, to see what is new.',
          ]),
      ...(classification.type === 'unknown'
        ? [
            'A line that a rule knows; a person should read the lines of the proof.',
          ]
        : ['A line of the log that proves it.']),
    ],
  };
}

/** What the rule knows to do, before what its type asks for. */
function nextStepsOf({
  type,
  transient,
  advice,
  isProven,
}: Classification): string[] {
  const guide = FAILURE_GUIDES[isProven ? type : 'unknown'].nextSteps;
  return [...(transient ? [RUN_AGAIN] : []), ...(advice ? [advice] : guide)];
}

/** The report as far as code can make it: complete and useful without a model. */
export function draftReport(input: DraftInput): TriageReport {
  const { classification, findings, errors, reductions } = input;
  const excerpts = reductions.map(reduction => ({
    source: reduction.source,
    lines: reduction.lines.map(({ number, text }) => ({ number, text })),
    totalLines: reduction.totalLines,
    comparedWithPass: reduction.comparedWithPass,
  }));
  return {
    schemaVersion: 1,
    incident: { kind: 'pipeline', ...input.incident },
    failure: {
      type: classification.type,
      rule: classification.rule,
      reason: classification.reason,
      ...(classification.isProven && { transient: classification.transient }),
      ...(input.step && {
        step: {
          job: input.step.job,
          name: input.step.name,
          source: input.step.source,
          exitCode: input.step.exitCode,
        },
      }),
      evidence: classification.evidence,
      signature: input.signature,
    },
    summary: summarize(input),
    rootCause: rootCauseOf(input),
    claims: [],
    ...(input.excluded.length > 0 && { excluded: input.excluded }),
    nextSteps: nextStepsOf(classification).map(text => ({
      text,
      by: 'rule' as const,
      evidence: [],
    })),
    findings: findings.slice(0, MAX_FINDINGS),
    tests: input.tests,
    changes: input.changes,
    suspects: input.suspects,
    excerpts,
    decision: input.decision,
    ai: { status: 'off', droppedClaims: 0 },
    redactions: {},
    errors:
      findings.length > MAX_FINDINGS
        ? [
            ...errors,
            {
              stage: 'parse',
              code: 'too-many-findings',
              message: `${findings.length - MAX_FINDINGS} more findings are in the reports.`,
            },
          ]
        : errors,
  };
}
