// SPDX-License-Identifier: Apache-2.0
import { plainText } from '../../text/plainText';
import { CandidateCollector, type ScannedLine } from './CandidateCollector';
import { countTokens } from './countTokens';
import { LineClassifier } from './LineClassifier';
import { LineCounts } from './LineCounts';
import { TemplateScanner } from './TemplateScanner';
import { SeenLines } from './SeenLines';
import type { Weights } from './weights';

/** A log of which is known all that its lines are weighed by. */
export interface ScannedLog {
  lines: ScannedLine[];
  counts: LineCounts;
  /** Whether a log that passed told what is new. */
  compared: boolean;
}

/** Looks at a log as `reduceLog` does, and keeps it: to weigh it again and again. */
export function scanLines(fail: string[], pass?: string[]): ScannedLog {
  const scanner = new TemplateScanner();
  const seen = new SeenLines();
  pass?.forEach(text => {
    scanner.scan(plainText(text));
    seen.add(scanner.hash);
  });
  const classifier = new LineClassifier();
  const counts = new LineCounts();
  const lines = fail.map(plainText).map((text, i): ScannedLine => {
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

/** The lines that fit a budget, by other weights than those that are committed. */
export function chooseLines(
  { lines, counts, compared }: ScannedLog,
  options: { weights: Weights; budgetTokens: number },
): Array<ScannedLine['line']> {
  const collector = new CandidateCollector({ ...options, compared, counts });
  lines.forEach(line => collector.add(line));
  return collector.finish().map(({ line }) => line);
}
