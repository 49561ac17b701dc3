// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { explain } from '../../explain/explain';
import { createRedactor } from '../../redact/createRedactor';
import { checkReport } from '../../report/checkReport';
import { redactReport } from '../../report/redactReport';
import type { TriageOptions } from '../../report/types';
import { findCauses } from '../causes/findCauses';
import { readSituation } from '../facts/readSituation';
import type { AlertFailure } from '../types';
import { draftAlertReport } from './draftAlertReport';

const DEFAULT_BUDGET_TOKENS = 4000;
const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * Says why an alert fired: reads the objects, logs and metrics around it, and asks a
 * model, where one is given, only what can be checked. Whatever goes wrong on the way
 * is in `errors` of the report; the deterministic part is always there.
 *
 * @throws Error when the report could not be made safe; the signal's reason, when
 * the caller ends it or the time is over before the deterministic part is made
 *
 * @public
 */
export async function createAlertReport(
  failure: AlertFailure,
  options: TriageOptions = {},
): Promise<TriageReport> {
  const { budgetTokens = DEFAULT_BUDGET_TOKENS, knownSecrets } = options;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout])
    : timeout;
  const redactor = createRedactor({ knownSecrets });
  const { situation, errors } = await readSituation(failure, signal);
  const drafted = draftAlertReport({
    failure,
    situation,
    candidates: findCauses(situation),
    errors,
    budgetTokens,
  });
  const explained = await explain({
    draft: redactReport(drafted, redactor, []),
    llm: options.llm,
    redactor,
    signal,
    callerSignal: options.signal,
  });
  return checkReport(explained, redactor);
}
