import type { Finding, TestSummary } from '@greenroom/plugin-triage-common';

const keyOf = (finding: Finding) =>
  JSON.stringify([
    finding.tool,
    finding.rule,
    finding.file,
    finding.line,
    finding.package,
    finding.version,
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
    byKey.delete(keyOf(finding));
    return same?.evidence ? { ...finding, evidence: same.evidence } : finding;
  });
  const toolsWithReport = new Set(reported.map(finding => finding.tool));
  // A console repeats, cuts and wraps what the same tool's report says in full.
  return [
    ...merged,
    ...[...byKey.values()].filter(({ tool }) => !toolsWithReport.has(tool)),
  ];
}

/** As {@link mergeFindings}, for tests, which are known by their names. */
export function mergeTests(
  reported: TestSummary[],
  printed: TestSummary[],
): TestSummary[] {
  if (reported.length === 0) {
    return printed;
  }
  const places = new Map(
    printed.flatMap(summary =>
      summary.failedTests.map(test => [test.name, test.evidence] as const),
    ),
  );
  return reported.map(summary => ({
    ...summary,
    failedTests: summary.failedTests.map(test => ({
      ...test,
      evidence: test.evidence ?? places.get(test.name),
    })),
  }));
}
