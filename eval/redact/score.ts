// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRedactor } from '@greenroom/triage-engine';
import {
  Draw,
  ENCODINGS,
  findLeak,
  SECRET_KINDS,
} from '../../packages/triage-engine/src/testing';

/** A line that the redactor changed. */
export interface ChangedLine {
  file: string;
  before: string;
  after: string;
}

/** What the redactor lets out, and what it takes too much of. */
export interface RedactionScore {
  kinds: number;
  encodings: number;
  /** Kinds × encodings × draws. */
  cases: number;
  /** Cases of which a third of a secret can still be read, or nothing at all. */
  leaks: string[];
  labelledLines: number;
  /** Of the labelled lines; each is to be read by a person. */
  overRedacted: number;
  overRedactedShare: number;
  /** Of all lines of the same logs. */
  lines: number;
  changedLines: number;
  changed: ChangedLine[];
  /** Of processor time, since a machine that measures does more than this. */
  megabytesPerSecond: number;
}

const TIMESTAMP =
  /^(?:[^\t]*\t[^\t]*\t)?\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/;
const ANSI = /\x1b?\[[0-9;]*[mKG]/g;

function plainLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split(/\r\n|\r|\n/)
    .map(line => line.replace(TIMESTAMP, '').replace(ANSI, ''));
}

interface LabelledLog {
  file: string;
  lines: string[];
  /** Indexes of the lines that people marked. */
  labelled: Set<number>;
}

function loadLogs(dataDir: string): LabelledLog[] {
  const logs: LabelledLog[] = [];
  const cidiff = path.join(dataDir, 'cidiff');
  for (const name of existsSync(cidiff) ? readdirSync(cidiff).sort() : []) {
    const truth = path.join(cidiff, name, 'groundtruth');
    if (existsSync(truth)) {
      const labelled = new Set<number>();
      for (const row of readFileSync(truth, 'utf8').split('\n')) {
        const match = /^E\s+(\d+)(?:-(\d+))?/.exec(row.trim());
        if (match) {
          for (
            let at = Number(match[1]);
            at <= Number(match[2] ?? match[1]);
            at++
          ) {
            labelled.add(at - 1);
          }
        }
      }
      const file = path.join(cidiff, name, 'fail.log');
      logs.push({ file: `cidiff/${name}`, lines: plainLines(file), labelled });
    }
  }
  const bugswarm = path.join(dataDir, 'bugswarm');
  const labels = path.join(bugswarm, 'labels.json');
  if (existsSync(labels)) {
    const rows: Array<{ file: string; failedTests: string[] }> = JSON.parse(
      readFileSync(labels, 'utf8'),
    );
    for (const { file, failedTests } of rows) {
      const lines = plainLines(path.join(bugswarm, file));
      const labelled = new Set<number>();
      lines.forEach((line, index) => {
        if (failedTests.some(name => line.includes(name))) {
          labelled.add(index);
        }
      });
      logs.push({ file: `bugswarm/${file}`, lines, labelled });
    }
  }
  if (logs.length === 0) {
    throw new Error(`No labelled logs under ${dataDir}: cidiff/ and bugswarm/`);
  }
  return logs;
}

/** So long that no text is read whole in another way. */
const OTHERS = Array.from(
  { length: 100 },
  (_, at) => `tests/test_features.py::test_the_total_of_part_${at} PASSED`,
);

const amongOthers = (text: string) =>
  [...OTHERS, text, 'collected 3 items', '1 failed, 99 passed in 12.41s'].join(
    '\n',
  );

function scoreLeaks(draws: number): { cases: number; leaks: string[] } {
  const leaks: string[] = [];
  let cases = 0;
  Object.entries(SECRET_KINDS).forEach(([kind, make], index) => {
    for (const [encoding, encode] of Object.entries(ENCODINGS)) {
      for (let seed = 1; seed <= draws; seed++) {
        const draw = new Draw(seed * 1000 + index);
        const sample = make(draw);
        const text = encode(sample, draw);
        const redacted = createRedactor().redact(
          seed === draws ? amongOthers(text) : text,
        );
        cases++;
        // A withheld text leaks nothing, and is worth nothing.
        const withheld = redacted.includes('[REDACTED:withheld');
        if (withheld || findLeak(redacted, sample.secrets) !== undefined) {
          leaks.push(`${kind} / ${encoding} / ${seed}`);
        }
      }
    }
  });
  return { cases, leaks };
}

/**
 * Scores the redactor: drawn secrets in all encodings, and the lines of real
 * failure logs that people marked as the error. `dataDir` has the form of
 * `eval/log-reduction`: `cidiff/<case>/{fail.log,groundtruth}`,
 * `bugswarm/labels.json`.
 */
export async function scoreRedaction(
  dataDir: string,
  options: { draws?: number } = {},
): Promise<RedactionScore> {
  const { cases, leaks } = scoreLeaks(options.draws ?? 3);
  const changed: ChangedLine[] = [];
  const sums = { labelled: 0, over: 0, lines: 0, changed: 0, characters: 0 };
  let seconds = 0;
  for (const { file, lines, labelled } of loadLogs(dataDir)) {
    const redactor = createRedactor();
    const started = process.cpuUsage();
    const redacted = redactor.redactLines(lines);
    const { user, system } = process.cpuUsage(started);
    seconds += (user + system) / 1e6;
    lines.forEach((before, index) => {
      sums.lines++;
      sums.characters += before.length + 1;
      sums.labelled += labelled.has(index) ? 1 : 0;
      // Controls and zero-width characters that went are no loss to a reader.
      if (
        redacted[index].includes('[REDACTED:') &&
        redacted[index] !== before
      ) {
        sums.changed++;
        sums.over += labelled.has(index) ? 1 : 0;
        changed.push({
          file: `${file}:${index + 1}${labelled.has(index) ? ' labelled' : ''}`,
          before,
          after: redacted[index],
        });
      }
    });
  }
  return {
    kinds: Object.keys(SECRET_KINDS).length,
    encodings: Object.keys(ENCODINGS).length,
    cases,
    leaks,
    labelledLines: sums.labelled,
    overRedacted: sums.over,
    overRedactedShare: sums.over / sums.labelled,
    lines: sums.lines,
    changedLines: sums.changed,
    changed,
    megabytesPerSecond: sums.characters / 1e6 / seconds,
  };
}
