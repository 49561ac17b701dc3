import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countTokens } from '../../packages/triage-engine/src/evidence/reduce/countTokens';
import { plainText } from '../../packages/triage-engine/src/text/plainText';
import type { ScannedLine } from '../../packages/triage-engine/src/evidence/reduce/CandidateCollector';
import { LineClassifier } from '../../packages/triage-engine/src/evidence/reduce/LineClassifier';
import { LineCounts } from '../../packages/triage-engine/src/evidence/reduce/LineCounts';
import { LineScanner } from '../../packages/triage-engine/src/evidence/reduce/LineScanner';
import { SeenLines } from '../../packages/triage-engine/src/evidence/reduce/SeenLines';

/** A labelled log as the reducer looks at it. */
export interface Case {
  lines: ScannedLine[];
  counts: LineCounts;
  compared: boolean;
  /** Errors that a person marked: first and last line of each. */
  blocks?: Array<[number, number]>;
  /** Failed tests. */
  names?: string[];
}

function linesOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split(/\r\n|\r|\n/);
  return (lines.at(-1) === '' ? lines.slice(0, -1) : lines).map(plainText);
}

function scan(fail: string[], pass?: string[]) {
  const scanner = new LineScanner();
  const seen = new SeenLines();
  pass?.forEach(text => {
    scanner.scan(text);
    seen.add(scanner.hash);
  });
  const classifier = new LineClassifier();
  const counts = new LineCounts();
  const lines = fail.map((text, i): ScannedLine => {
    scanner.scan(text);
    const { hash, suspicious } = scanner;
    const stale = pass !== undefined && seen.has(hash);
    return {
      line: { number: i + 1, text },
      kind: classifier.next(text, suspicious && !stale),
      tokens: countTokens(text),
      hash,
      repeats: counts.add(hash),
      novel: pass !== undefined && !stale,
      outside: false,
    };
  });
  return { lines, counts, compared: pass !== undefined };
}

/** All labelled logs of a folder with cidiff/ and bugswarm/. */
export function loadCases(data: string): Case[] {
  const cidiff = join(data, 'cidiff');
  const pairs = readdirSync(cidiff, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }): Case => {
      const file = (leaf: string) => join(cidiff, name, leaf);
      const blocks = [
        ...readFileSync(file('groundtruth'), 'utf8').matchAll(
          /^E\s+(\d+)(?:-(\d+))?/gm,
        ),
      ].map((match): [number, number] => [
        Number(match[1]),
        Number(match[2] ?? match[1]),
      ]);
      const { lines, ...rest } = scan(
        linesOf(file('fail.log')),
        linesOf(file('pass.log')),
      );
      return { lines, ...rest, blocks };
    })
    .filter(({ blocks }) => blocks?.length);
  const bugswarm = join(data, 'bugswarm');
  const labels: Array<{ file: string; failedTests: string[] }> = JSON.parse(
    readFileSync(join(bugswarm, 'labels.json'), 'utf8'),
  );
  const jobs = labels
    .map(({ file, failedTests }): Case => {
      const texts = linesOf(join(bugswarm, file));
      const text = texts.join('\n');
      const names = failedTests.filter(name => text.includes(name));
      return { ...scan(texts), names };
    })
    .filter(({ names }) => names?.length);
  return [...pairs, ...jobs];
}

export const mean = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The most of the errors' lines that fits, which no reducer can pass. */
export function mostRecall(cases: Case[], budgetTokens: number): number {
  const shares = cases.flatMap(({ lines, blocks }) => {
    const tokens = lines
      .filter(({ line: { number } }) =>
        blocks?.some(([from, to]) => number >= from && number <= to),
      )
      .map(line => line.tokens)
      .sort((a, b) => a - b);
    let left = budgetTokens;
    const fitting = tokens.filter(cost => (left -= cost) >= 0);
    return blocks ? [fitting.length / tokens.length] : [];
  });
  return mean(shares);
}
