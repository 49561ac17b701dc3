// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  Consoles,
  fileInput,
  readLines,
} from '../../packages/triage-engine/src/testing';

const labelsSchema = z.array(
  z.object({
    file: z.string(),
    analyzer: z.string().nullable(),
    failedTests: z.array(z.string()),
    testsRun: z.number(),
    testsFailed: z.number(),
  }),
);

/** BugSwarm leaves skipped tests out of what these frameworks ran. */
const WITHOUT_SKIPPED = new Set(['pytest', 'jest', 'vitest', 'mocha']);

/** What was read from one log, beside what its labels say. */
export interface TestScoreRow {
  file: string;
  frameworks: string[];
  run: { found: number; label: number };
  failed: { found: number; label: number };
  names: { found: number; matching: number; labels: number; recalled: number };
  /** Labels that stand in the log as they are, and those that a name contains. */
  verbatim: { labels: number; recalled: number };
  missed: string[];
}

export interface TestScore {
  logs: number;
  /** Share of the logs whose count of tests, and of failed tests, is right. */
  countsRight: number;
  /** Share of the logs with all labelled names and no other. */
  namesRight: number;
  namesRecall: number;
  namesPrecision: number;
  /** Of the labels that stand in their log word for word. */
  verbatimRecall: number;
  rows: TestScoreRow[];
}

/**
 * Reads the test runs from the consoles of BugSwarm's logs and holds them against
 * its labels.
 *
 * BugSwarm writes names in a form of its own (`Class.method` for Gradle's `Class >
 * method()`, `module::test` for pytest's `module.py::test`): both sides are
 * brought to one form before they are compared. Names whose labels stand in the
 * log verbatim are looked up as they are.
 *
 * @param dataDir - a folder with `labels.json` and the logs that it names
 */
export async function scoreTests(dataDir: string): Promise<TestScore> {
  const labels = labelsSchema.parse(
    JSON.parse(readFileSync(path.join(dataDir, 'labels.json'), 'utf8')),
  );
  const rows: TestScoreRow[] = [];
  for (const label of labels) {
    const input = fileInput(path.join(dataDir, label.file));
    const reader = new Consoles(input.source);
    const standing = new Set<string>();
    for await (const line of readLines(input)) {
      reader.write(line);
      for (const name of label.failedTests) {
        if (line.text.includes(name)) standing.add(name);
      }
    }
    const { tests } = reader.end();
    const names = tests.flatMap(run => run.failedTests.map(test => test.name));
    const wanted = [...new Set(label.failedTests)];
    const verbatim = wanted.filter(name => standing.has(name));
    const recalled = wanted.filter(name => names.some(n => same(n, name)));
    rows.push({
      file: label.file,
      frameworks: [...new Set(tests.map(run => run.framework))],
      run: {
        found: tests.reduce(
          (sum, run) =>
            sum +
            (run.total ?? 0) -
            (WITHOUT_SKIPPED.has(run.framework) ? (run.skipped ?? 0) : 0),
          0,
        ),
        label: label.testsRun,
      },
      failed: {
        found: tests.reduce(
          (sum, run) => sum + (run.failed ?? 0) + (run.errors ?? 0),
          0,
        ),
        label: label.testsFailed,
      },
      names: {
        found: names.length,
        matching: names.filter(n => wanted.some(name => same(n, name))).length,
        labels: wanted.length,
        recalled: recalled.length,
      },
      verbatim: {
        labels: verbatim.length,
        recalled: verbatim.filter(name =>
          names.some(n => n.includes(name.replace(/:$/, ''))),
        ).length,
      },
      missed: wanted.filter(name => !recalled.includes(name)),
    });
  }
  const right = (row: TestScoreRow) =>
    row.run.found === row.run.label && row.failed.found === row.failed.label;
  const allNames = (row: TestScoreRow) =>
    row.missed.length === 0 && row.names.matching === row.names.found;
  const total = (of: (row: TestScoreRow) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0);
  const share = (part: number, whole: number) =>
    whole === 0 ? 1 : part / whole;
  return {
    logs: rows.length,
    countsRight: share(rows.filter(right).length, rows.length),
    namesRight: share(rows.filter(allNames).length, rows.length),
    namesRecall: share(
      total(row => row.names.recalled),
      total(row => row.names.labels),
    ),
    namesPrecision: share(
      total(row => row.names.matching),
      total(row => row.names.found),
    ),
    verbatimRecall: share(
      total(row => row.verbatim.recalled),
      total(row => row.verbatim.labels),
    ),
    rows,
  };
}

/** Whether a name, as its framework prints it, is what a label means. */
function same(name: string, label: string): boolean {
  const [a, b] = [oneForm(name), oneForm(label)];
  return a.includes(b) || a.endsWith(b) || b.endsWith(`.${a}`);
}

function oneForm(name: string): string {
  return name
    .replace(/\.py::/g, '::')
    .replace(/[/\\]|::| > | › /g, '.')
    .replace(/\(\)/g, '')
    .replace(/:$/, '');
}

function print(score: TestScore): void {
  const lines = score.rows.map(row => {
    const ok = (pair: { found: number; label: number }) =>
      pair.found === pair.label
        ? `${pair.found}`
        : `${pair.found}≠${pair.label}`;
    return [
      row.file.padEnd(18),
      row.frameworks.join(',').padEnd(20),
      `run ${ok(row.run)}`.padEnd(16),
      `failed ${ok(row.failed)}`.padEnd(12),
      `names ${row.names.recalled}/${row.names.labels}, ${row.names.found - row.names.matching} other`,
      row.missed.length > 0
        ? `missed ${row.missed.slice(0, 3).join(' | ')}`
        : '',
    ].join('  ');
  });
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  lines.push(
    `${score.logs} logs: counts right ${percent(score.countsRight)}, names right ${percent(score.namesRight)}`,
    `names: recall ${percent(score.namesRecall)} (verbatim ${percent(score.verbatimRecall)}), precision ${percent(score.namesPrecision)}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (process.argv[1]?.endsWith(path.join('eval', 'tests', 'score.ts'))) {
  const [dataDir] = process.argv.slice(2);
  if (!dataDir) {
    process.stderr.write('usage: tsx eval/tests/score.ts FOLDER\n');
    process.exitCode = 2;
  } else {
    scoreTests(path.resolve(dataDir)).then(print, error => {
      process.stderr.write(`${error}\n`);
      process.exitCode = 1;
    });
  }
}
