// SPDX-License-Identifier: Apache-2.0
import type { Finding, TestSummary } from '@greenroom/plugin-triage-common';

// Of a package a console often tells no file, and a report makes one up.
const keyOf = (finding: Finding) =>
  JSON.stringify([
    finding.tool,
    finding.rule,
    ...(finding.package
      ? [finding.package, finding.version]
      : [finding.file, finding.line]),
  ]);

/**
 * What a report file and the console both say is one finding: the report's
 * figures, the console's place in the log.
 */
export function mergeFindings(
  reported: Finding[],
  printed: Finding[],
): Finding[] {
  const byKey = new Map(printed.map(finding => [keyOf(finding), finding]));
  const merged = reported.map(finding => {
    const same = byKey.get(keyOf(finding));
    return same?.evidence ? { ...finding, evidence: same.evidence } : finding;
  });
  // A console repeats, cuts and wraps what the same tool's report says in full.
  const toolsWithReport = new Set(reported.map(finding => finding.tool));
  return [
    ...merged,
    ...printed.filter(({ tool }) => !toolsWithReport.has(tool)),
  ];
}

/** `tests/test_a.py::TestB::test_c` and `tests.test_a.TestB::test_c` are one test. */
const plainName = (name: string) =>
  name
    .replace(/\.py(?=::|$)/, '')
    .replace(/::|[/#\\]/g, '.')
    .toLowerCase();

/** Whether one of two plain names ends with the whole of the other. */
const isSameTest = (one: string, other: string) =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);

function withoutUndefined<T extends object>(value: T | undefined): Partial<T> {
  const result: Partial<T> = { ...value };
  for (const key of Object.keys(result) as Array<keyof T>) {
    if (result[key] === undefined) {
      delete result[key];
    }
  }
  return result;
}

/** As {@link mergeFindings}, for tests, which are known by their names. */
export function mergeTests(
  reported: TestSummary[],
  printed: TestSummary[],
): TestSummary[] {
  if (reported.length === 0) {
    return printed;
  }
  const known = printed
    .flatMap(summary => summary.failedTests)
    .map(test => ({ test, plain: plainName(test.name) }));
  const unseen = new Set(known.map(({ test }) => test));
  const merged = reported.map(summary => ({
    ...summary,
    failedTests: summary.failedTests.map(test => {
      const plain = plainName(test.name);
      const same = known.filter(each => isSameTest(each.plain, plain));
      same.forEach(each => unseen.delete(each.test));
      // A console's names can be typed again, and its messages are short.
      return { ...test, ...withoutUndefined(same[0]?.test) };
    }),
  }));
  // A job that failed may have left no report where another did.
  return [
    ...merged,
    ...printed.filter(({ failedTests }) =>
      failedTests.some(test => unseen.has(test)),
    ),
  ];
}

/** The findings without those that say once more which test failed. */
export function withoutFailedTests(
  findings: Finding[],
  tests: TestSummary[],
): Finding[] {
  const failed = new Set(
    tests.flatMap(({ failedTests }) =>
      failedTests.map(({ name }) => plainName(name)),
    ),
  );
  return findings.filter(
    ({ kind, rule }) => kind !== 'test' || !failed.has(plainName(rule)),
  );
}
