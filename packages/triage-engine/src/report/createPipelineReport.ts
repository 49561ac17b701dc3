// SPDX-License-Identifier: Apache-2.0
import type {
  FailureType,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { findFailedSteps } from '../steps/findFailedSteps';
import { rootSignature } from '../classify/rootSignature';
import { compareRuns } from '../evidence/compare/compareRuns';
import type { Reduction } from '../evidence/reduce/types';
import { decide } from '../explain/decide/decide';
import { parseReport } from '../evidence/parse/parseReport';
import { createRedactor } from '../redact/createRedactor';
import { explain } from '../explain/explain';
import { draftReport } from './draftReport';
import { excludedCauses } from './excludedCauses';
import {
  mergeFindings,
  mergeTests,
  withoutFailedTests,
} from '../evidence/mergeFindings';
import { checkReport } from './checkReport';
import { redactReport } from './redactReport';
import { readSteps } from './readSteps';
import type { PipelineFailure, TriageOptions } from './types';

const DEFAULT_BUDGET_TOKENS = 4000;
const DEFAULT_TIMEOUT_MS = 120_000;

/** Of these a reader asks how the model differs; of an unsafe library nobody does. */
const OF_A_MODEL = new Set<FailureType>([
  'gate',
  'training-error',
  'data-loading',
  'out-of-memory',
  'timeout',
  'unknown',
]);

async function draft(
  failure: PipelineFailure,
  budgetTokens: number,
  signal: AbortSignal,
): Promise<{ drafted: TriageReport; reductions: Reduction[] }> {
  const { logs, facts, owner, environment, isProtected } = failure;
  const steps = await findFailedSteps(logs, facts);
  const reports = (failure.reports ?? []).map(parseReport);
  const reported = {
    findings: reports.flatMap(report => report.findings),
    tests: reports.flatMap(report => report.tests),
  };
  const { main, others, errors } = await readSteps({
    steps,
    failure,
    reported,
    budgetTokens,
    signal,
  });
  const { classification, input } = main;
  const read = [...(main.read ? [main.read] : []), ...others];
  const tests = mergeTests(
    reported.tests,
    read.flatMap(step => step.tests),
  );
  const findings = withoutFailedTests(
    mergeFindings(
      reported.findings,
      read.flatMap(step => step.findings),
    ),
    tests,
  );
  const { candidate, champion, missing, ...compare } = failure.compare ?? {};
  const models = OF_A_MODEL.has(classification.type) && { candidate, champion };
  const { changes, suspects } = compareRuns({
    ...compare,
    ...models,
    failureType: classification.type,
    evidence: classification.evidence,
    findings,
    excerpt: input.reduction.lines,
  });
  const reductions = read.map(step => step.reduction);
  const drafted = draftReport({
    incident: failure.incident,
    step: main.read?.step,
    reductions,
    classification,
    signature: rootSignature({ ...input, classification }),
    findings,
    tests,
    changes,
    suspects,
    excluded: excludedCauses({
      read: main.read,
      reported,
      compare: failure.compare,
    }),
    decision: decide({
      type: classification.type,
      findings,
      tests,
      environment,
      isProtected,
      owner,
    }),
    errors: [
      ...logs.errors,
      ...(failure.passingLogs?.errors ?? []),
      ...errors,
      ...(models && missing
        ? [{ stage: 'compare', code: 'no-model-run', message: missing }]
        : []),
      ...reports.flatMap(report => report.errors),
      ...read.flatMap(step => step.errors),
    ],
  });
  return { drafted, reductions };
}

/**
 * Says why a pipeline failed: reads its logs and reports, and asks a model, where
 * one is given, only what can be checked. Whatever goes wrong on the way is in
 * `errors` of the report; the deterministic part is always there.
 *
 * @throws Error when the report could not be made safe; the signal's reason, when
 * the caller ends it or the time is over before the deterministic part is made
 *
 * @public
 */
export async function createPipelineReport(
  failure: PipelineFailure,
  options: TriageOptions = {},
): Promise<TriageReport> {
  const { budgetTokens = DEFAULT_BUDGET_TOKENS, knownSecrets } = options;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout])
    : timeout;
  const redactor = createRedactor({ knownSecrets });
  const { drafted, reductions } = await draft(failure, budgetTokens, signal);
  const redacted = redactReport(
    drafted,
    redactor,
    reductions.map(({ around }) => around),
  );
  const explained = await explain({
    draft: redacted,
    llm: options.llm,
    redactor,
    signal,
    callerSignal: options.signal,
  });
  return checkReport(explained, redactor);
}
