// SPDX-License-Identifier: Apache-2.0
import type {
  Evidence,
  Finding,
  StageError,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import { classify } from '../classify/classify';
import type { Classification, ClassifyInput } from '../classify/types';
import type { FailedStep } from '../steps/types';
import { mergeFindings, mergeTests } from '../evidence/mergeFindings';
import { readFailedStep, type ReadStep } from '../evidence/readFailedStep';
import { reportsOfStep } from './reportsOfStep';
import type { PipelineFailure } from './types';

/** So many are read; how many more failed is said. */
const MAX_STEPS = 3;

/** What the others cost beside the one that explains the failure. */
const OTHER_STEPS_SHARE = 0.25;

/** A failed step with what is said of it. */
export interface JudgedStep {
  read?: ReadStep;
  input: ClassifyInput;
  classification: Classification;
}

/** Failed steps of a run, the one that explains the failure first. */
export interface JudgedSteps {
  main: JudgedStep;
  others: ReadStep[];
  errors: StageError[];
}

/** Whether a rule saw the reason, and not only what the step is there for or what words speak of. */
const isExplained = ({
  classification: { type, rule, isProven },
}: JudgedStep) =>
  isProven &&
  rule !== 'error-words' &&
  type !== 'unknown' &&
  type !== 'cancelled';

// What scanners end with, where only their report names the findings.
const SUMMARY =
  /\b(?:leaks? found|vulnerabilit(?:y|ies) found|found \d{1,9} |issues? found|findings?:)/i;

function findSummary({ findings, reduction, step }: ClassifyInput): Evidence[] {
  const last =
    findings.length > 0 &&
    reduction.lines.findLast(({ text }) => SUMMARY.test(text.slice(0, 2000)));
  return last && step
    ? [{ source: step.source, line: last.number, quote: last.text }]
    : [];
}

const withSummary = (
  classification: Classification,
  evidence: Evidence[],
): Classification => ({
  ...classification,
  isProven: classification.isProven || evidence.length > 0,
  evidence,
});

function judge(
  read: ReadStep | undefined,
  failure: PipelineFailure,
  reported: { findings: Finding[]; tests: TestSummary[] },
): JudgedStep {
  const ofStep = reportsOfStep(read, reported);
  const input: ClassifyInput = {
    step: read?.step,
    reduction: read?.reduction ?? {
      source: failure.logs.jobs[0]?.log.source ?? 'log',
      lines: [],
      around: [],
      totalLines: 0,
      totalBytes: 0,
      usedTokens: 0,
      budgetTokens: 0,
      comparedWithPass: false,
    },
    findings: mergeFindings(ofStep.findings, read?.findings ?? []),
    // What is printed has its line, which proves it.
    tests: read?.tests.some(({ failedTests }) => failedTests.length > 0)
      ? read.tests
      : mergeTests(ofStep.tests, read?.tests ?? []),
    facts: failure.facts,
  };
  const classification = classify(input);
  return {
    read,
    input,
    classification:
      classification.evidence.length > 0
        ? classification
        : withSummary(classification, findSummary(input)),
  };
}

/**
 * Reads the failed steps in the order in which they failed. A step that is allowed
 * to fail looks like any other in a log, so one that explains itself goes before
 * one that says nothing.
 */
export async function readSteps(options: {
  steps: FailedStep[];
  failure: PipelineFailure;
  reported: { findings: Finding[]; tests: TestSummary[] };
  budgetTokens: number;
  signal: AbortSignal;
}): Promise<JudgedSteps> {
  const { steps, failure, reported, budgetTokens, signal } = options;
  const { logs, passingLogs } = failure;
  const errors: StageError[] = [];
  const read = async (step: FailedStep, tokens: number) => {
    try {
      return await readFailedStep({
        step,
        logs,
        passingLogs,
        budgetTokens: tokens,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      errors.push({
        stage: 'reduce',
        source: step.source,
        code: 'unreadable-log',
        message: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  };
  const judged: JudgedStep[] = [];
  for (const [index, step] of steps.slice(0, MAX_STEPS).entries()) {
    const share = index === 0 ? 1 : OTHER_STEPS_SHARE;
    const each = await read(step, Math.ceil(budgetTokens * share));
    if (each) {
      judged.push(judge(each, failure, reported));
    }
  }
  if (steps.length > MAX_STEPS) {
    errors.push({
      stage: 'classify',
      code: 'more-failed-steps',
      message: `${steps.length - MAX_STEPS} more steps failed; ${MAX_STEPS} are in this report.`,
    });
  }
  const chosen = judged.find(isExplained) ?? judged.at(0);
  const others: ReadStep[] = [];
  for (const each of judged) {
    if (each === chosen || !each.read) {
      continue;
    }
    if (isExplained(each) || !chosen || !isExplained(chosen)) {
      others.push(each.read);
    } else {
      errors.push({
        stage: 'classify',
        source: each.read.step.source,
        code: 'unexplained-step',
        message: 'This step failed too, and its log does not say why.',
      });
    }
  }
  if (!chosen?.read || chosen === judged[0]) {
    return {
      main: chosen ?? judge(undefined, failure, reported),
      others,
      errors,
    };
  }
  const whole = await read(chosen.read.step, budgetTokens);
  return {
    main: whole ? judge(whole, failure, reported) : chosen,
    others,
    errors,
  };
}
