// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { Redactor } from '../redact/types';
import { askModel } from './ask/askModel';
import type { LlmClient } from './ask/types';
import { verifyAnswer } from './verify/verifyAnswer';

/** The same report, made by rules alone, which says why. */
const without = (
  draft: TriageReport,
  status: 'off' | 'failed',
  reason: string,
): TriageReport => ({ ...draft, ai: { status, reason, droppedClaims: 0 } });

/**
 * Asks a model, where there is one, what the lines of a redacted draft say, and adds
 * what of its answer they prove.
 *
 * @throws the reason of `callerSignal`, when the caller ends it; whatever else fails
 *   is in `ai` of the report
 */
export async function explain(options: {
  draft: TriageReport;
  llm?: LlmClient;
  redactor: Redactor;
  signal: AbortSignal;
  callerSignal?: AbortSignal;
}): Promise<TriageReport> {
  const { draft, llm, redactor, signal, callerSignal } = options;
  if (!llm) {
    return without(
      draft,
      'off',
      'No model is configured; this report is made by rules alone.',
    );
  }
  try {
    const { answer, ai } = await askModel({ draft, llm, redactor, signal });
    const asked = { ...draft, ai };
    return answer ? verifyAnswer({ draft: asked, answer, redactor }) : asked;
  } catch (error) {
    callerSignal?.throwIfAborted();
    return without(
      draft,
      'failed',
      signal.aborted
        ? `${llm.name} did not answer in time; this report is made by rules alone.`
        : `What ${llm.name} answered could not be used; this report is made by rules alone.`,
    );
  }
}
