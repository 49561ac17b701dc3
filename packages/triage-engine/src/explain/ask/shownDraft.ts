// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';

const MAX_SOURCES = 20;
const MAX_SUSPECTS = 10;
const MAX_FINDINGS = 40;
const MAX_TESTS = 40;
const MAX_CHANGES = 40;
const MAX_TIMELINE = 30;

/** Of a value that is not a line of a log. */
export const MAX_FIELD_CHARACTERS = 400;

/**
 * The part of a draft that a prompt shows. A model can be steered by nothing
 * else, and knows nothing else.
 */
export function shownDraft(draft: TriageReport): TriageReport {
  let left = MAX_TESTS;
  return {
    ...draft,
    findings: draft.findings.slice(0, MAX_FINDINGS),
    tests: draft.tests.map(test => {
      const failedTests = test.failedTests.slice(0, left);
      left -= failedTests.length;
      return { ...test, failedTests };
    }),
    changes: draft.changes.slice(0, MAX_CHANGES),
    ...(draft.timeline && { timeline: draft.timeline.slice(-MAX_TIMELINE) }),
    suspects: draft.suspects.slice(0, MAX_SUSPECTS),
    excerpts: draft.excerpts.slice(0, MAX_SOURCES),
  };
}
