// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { toPlainText } from '../services/toPlainText';

/** What an action on drift rests on, for the auditor. Nothing is decided by it. */
export function describeDrift(report: TriageReport) {
  const { decision, failure } = report;
  return {
    verdict: decision.priority,
    reason: failure.reason,
    figures: failure.evidence.map(({ quote }) => quote),
    hypothesis: describeHypothesis(report),
  };
}

/**
 * What a language model supposes of drift: of the data, of the concept, or decay.
 */
function describeHypothesis({ ai, rootCause }: TriageReport): string {
  if (ai.status !== 'answered') {
    return toPlainText(
      ai.status === 'off'
        ? 'none: no language model is configured'
        : `none: ${ai.reason ?? 'the language model gave no answer'}`,
    );
  }
  const model = ai.model ?? 'a language model';
  return toPlainText(
    rootCause.outcome === 'identified'
      ? `not proven, by ${model} with ${rootCause.confidence} confidence: ${rootCause.statement}`
      : `none: what ${model} said was inconclusive`,
  );
}
