// SPDX-License-Identifier: Apache-2.0
import { countsByWord } from '../testing/text';

const OUTCOMES = new Set([
  'failed',
  'passed',
  'skipped',
  'deselected',
  'xfailed',
  'xpassed',
  'warning',
  'warnings',
  'error',
  'errors',
  'rerun',
  'subtests failed',
  'subtests passed',
]);

/** What the last line of a pytest session says. */
export interface PytestTotals {
  total: number;
  passed: number;
  failed: number;
  errors: number;
  skipped: number;
}

/**
 * Reads `1 failed, 2 passed, 3 warnings in 0.12s (0:00:12)` and
 * `no tests ran in 0.01s`. An expected failure counts in the total only.
 */
export function parsePytestTotals(text: string): PytestTotals | undefined {
  const at = text.lastIndexOf(' in ');
  if (at < 0 || at > 300) {
    return undefined;
  }
  if (
    !/^ in \d{1,9}(?:\.\d{1,9})? ?s(?:econds)?(?: \([\d:, days]{1,40}\))?$/.test(
      text.slice(at),
    )
  ) {
    return undefined;
  }
  const head = text.slice(0, at);
  if (head === 'no tests ran') {
    return { total: 0, passed: 0, failed: 0, errors: 0, skipped: 0 };
  }
  const counts = countsByWord(head, ', ') ?? countsByWord(head, ',');
  if (!counts || ![...counts.keys()].some(word => OUTCOMES.has(word))) {
    return undefined;
  }
  const of = (word: string) => counts.get(word) ?? 0;
  const passed = of('passed');
  const failed = of('failed') + of('subtests failed');
  const errors = of('error') + of('errors');
  const skipped = of('skipped');
  const total =
    passed + failed + errors + skipped + of('xfailed') + of('xpassed');
  return { total, passed, failed, errors, skipped };
}
