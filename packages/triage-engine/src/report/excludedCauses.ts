// SPDX-License-Identifier: Apache-2.0
import type {
  Finding,
  TestSummary,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import type { CompareInput } from '../evidence/compare/types';
import type { ReadStep } from '../evidence/readFailedStep';
import { reportsOfStep } from './reportsOfStep';

const counted = (count: number, noun: string) =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/**
 * What a reader of the same data may take for the cause, and why it is none. All
 * words are ours, but for names of tools and frameworks that parsers know.
 */
export function excludedCauses(options: {
  read: ReadStep | undefined;
  reported: { findings: Finding[]; tests: TestSummary[] };
  compare?: CompareInput;
}): NonNullable<TriageReport['excluded']> {
  const { read, reported, compare } = options;
  const own = reportsOfStep(read, reported);
  const ofOthers = new Map<string, number>();
  for (const { tool, kind } of reported.findings) {
    const isOwn = own.findings.some(finding => finding.tool === tool);
    // Tests are counted below.
    if (!isOwn && kind !== 'test') {
      ofOthers.set(tool, (ofOthers.get(tool) ?? 0) + 1);
    }
  }
  const tests = reported.tests
    .filter(test => !own.tests.includes(test))
    .flatMap(({ failedTests }) => failedTests);
  const commit = compare?.failed?.commit;
  return [
    ...(commit !== undefined && commit === compare?.green?.commit
      ? [
          {
            cause: 'A change of the code',
            reason: 'The last green run was of the same commit.',
          },
        ]
      : []),
    ...[...ofOthers].map(([tool, count]) => ({
      cause: `${counted(count, 'finding')} of ${tool}`,
      reason:
        'They are in a report of another step: the one that failed does not name this tool.',
    })),
    ...(tests.length > 0
      ? [
          {
            cause: counted(tests.length, 'failing test'),
            reason:
              'They are in a report of another step: the one that failed runs no tests.',
          },
        ]
      : []),
  ];
}
