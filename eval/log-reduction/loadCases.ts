// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  scanLines,
  type ScannedLog,
} from '../../packages/triage-engine/src/testing';

/** A labelled log as the reducer looks at it. */
export interface Case extends ScannedLog {
  /** Errors that a person marked: first and last line of each. */
  blocks?: Array<[number, number]>;
  /** Failed tests. */
  names?: string[];
}

function linesOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
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
      return {
        ...scanLines(linesOf(file('fail.log')), linesOf(file('pass.log'))),
        blocks,
      };
    })
    .filter(({ blocks }) => blocks?.length);
  const bugswarm = join(data, 'bugswarm');
  const labels: Array<{ file: string; failedTests: string[] }> = JSON.parse(
    readFileSync(join(bugswarm, 'labels.json'), 'utf8'),
  );
  const jobs = labels
    .map(({ file, failedTests }): Case => {
      const texts = linesOf(join(bugswarm, file));
      const scanned = scanLines(texts);
      const text = scanned.lines.map(({ line }) => line.text).join('\n');
      const names = failedTests.filter(name => text.includes(name));
      return { ...scanned, names };
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
