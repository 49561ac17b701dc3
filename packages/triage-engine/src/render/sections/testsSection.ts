// SPDX-License-Identifier: Apache-2.0
import type {
  TestSummary,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import type { RenderLimits } from '../renderLimits';
import { codeSpan } from '../markup/codeSpan';
import { andMore, counted } from './andMore';

type FailedTest = TestSummary['failedTests'][number];

/** Each failing test once, with what is known of it; findings of test reports too. */
export function failedTests(report: TriageReport): FailedTest[] {
  const byName = new Map<string, FailedTest>();
  const all = [
    ...report.tests.flatMap(test => test.failedTests),
    ...report.findings
      .filter(({ kind }) => kind === 'test')
      .map(({ rule, message, file, line }) => ({
        name: rule,
        message,
        file,
        line,
      })),
  ];
  for (const test of all) {
    const known = byName.get(test.name);
    byName.set(test.name, known ? { ...test, ...known } : test);
  }
  return [...byName.values()];
}

function countsOf(summary: TestSummary): string {
  const counts = (['failed', 'errors', 'passed', 'skipped'] as const)
    .filter(
      key =>
        summary[key] !== undefined && (summary[key] > 0 || key === 'passed'),
    )
    .map(key => `${summary[key]?.toLocaleString('en-US')} ${key}`)
    .join(', ');
  const total =
    summary.total === undefined
      ? ''
      : ` of ${summary.total.toLocaleString('en-US')}`;
  return `${codeSpan(summary.framework, 40)}: ${counts || 'no counts'}${counts && total}`;
}

function item({ name, message, file, line }: FailedTest): string {
  const place = file
    ? ` (${codeSpan(line ? `${file}:${line}` : file, 120)})`
    : '';
  return `- ${codeSpan(name, 200)}${place}${message ? `: ${codeSpan(message, 240)}` : ''}`;
}

/** The failing tests by name, with their messages. */
export function testsSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const failing = failedTests(report);
  const hasFailure =
    failing.length > 0 || report.tests.some(test => test.failed || test.errors);
  if (!hasFailure) {
    return [];
  }
  const shown = failing.slice(0, limits.tests);
  return [
    failing.length > 0
      ? `#### ${counted(failing.length, 'failing test')}`
      : '#### Tests',
    ...(shown.length > 0 ? [shown.map(item).join('\n')] : []),
    ...andMore(failing.length, shown.length),
    report.tests.slice(0, 10).map(countsOf).join(' · '),
  ].filter(part => part !== '');
}
