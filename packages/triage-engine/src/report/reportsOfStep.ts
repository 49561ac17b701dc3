// SPDX-License-Identifier: Apache-2.0
import type { Finding, TestSummary } from '@greenroom/plugin-triage-common';
import type { ReadStep } from '../evidence/readFailedStep';

/** Tools by what a step calls them. */
const NAMES: Partial<Record<Finding['tool'], RegExp>> = {
  'pip-audit': /\bpip[-_]audit\b/i,
  gate: /\bgate\b/i,
};

const TESTS =
  /\b(?:tests?|pytest|tox|unittest|jest|mocha|surefire|gradle|mvn)\b/i;

/**
 * What of the reports the step wrote, as far as names tell: a run keeps reports of
 * jobs that passed as well, and what a scanner tolerated there is no cause.
 */
export function reportsOfStep(
  read: ReadStep | undefined,
  reported: { findings: Finding[]; tests: TestSummary[] },
): { findings: Finding[]; tests: TestSummary[] } {
  if (!read) {
    return reported;
  }
  const { step, reduction, findings, tests } = read;
  const texts = [
    `${step.job} ${step.name ?? ''}`,
    ...reduction.lines.map(line => line.text.slice(0, 500)),
  ];
  const isNamed = (name: RegExp) => texts.some(text => name.test(text));
  const known = new Map<Finding['tool'], boolean>();
  const isOfStep = ({ tool }: Finding) => {
    const before = known.get(tool);
    const answer =
      before ??
      (findings.some(finding => finding.tool === tool) ||
        isNamed(NAMES[tool] ?? new RegExp(`\\b${tool}\\b`, 'i')));
    known.set(tool, answer);
    return answer;
  };
  const hasTests = tests.length > 0 || TESTS.test(texts[0]);
  return {
    findings: reported.findings.filter(isOfStep),
    tests: hasTests ? reported.tests : [],
  };
}
