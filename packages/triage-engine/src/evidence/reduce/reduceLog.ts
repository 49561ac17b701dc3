// SPDX-License-Identifier: Apache-2.0
import { forEachLine } from '../../logs/lines/forEachLine';
import { countTokens } from './countTokens';
import type { LogInput, LogLine } from '../../logs/types';
import { CandidateCollector } from './CandidateCollector';
import { LineClassifier } from './LineClassifier';
import { LineCounts } from './LineCounts';
import { TemplateScanner } from './TemplateScanner';
import { SeenLines } from './SeenLines';
import { linesAround, Surroundings } from './Surroundings';
import type { Reduction } from './types';
import { WEIGHTS } from './weights';

/**
 * Keeps the lines of a log that explain its failure, as many as fit a budget of
 * tokens.
 *
 * Streams both logs once, in bounded memory, and gives the same answer for the
 * same bytes. Lines that the passing run's log has too, but for numbers, are
 * taken for harmless.
 *
 * @param options - `pass` is the log of the same job in a run that passed;
 *   `step` the first and last line of the step that failed, where known; `onLine`
 *   sees each line of `log` once, in order, so that others need not read it again
 * @throws what the inputs throw, and the signal's reason
 */
export async function reduceLog(options: {
  log: LogInput;
  pass?: LogInput;
  budgetTokens: number;
  step?: [number, number];
  onLine?: (line: LogLine) => void;
  signal?: AbortSignal;
}): Promise<Reduction> {
  const { pass, signal } = options;
  if (!pass) {
    return (await select(options)).reduction;
  }
  const seen = await seenLines(pass, signal);
  const { reduction, foundFailure } = await select(options, seen);
  // Both logs have the same errors, or none: what is new explains nothing.
  return foundFailure
    ? reduction
    : (await select({ ...options, onLine: undefined })).reduction;
}

async function select(
  options: Parameters<typeof reduceLog>[0],
  seen?: SeenLines,
): Promise<{ reduction: Reduction; foundFailure: boolean }> {
  const { log, step, onLine, signal } = options;
  const budgetTokens = Math.max(0, Math.floor(options.budgetTokens));
  const compared = seen !== undefined;
  const scanner = new TemplateScanner();
  const classifier = new LineClassifier();
  const counts = new LineCounts();
  const collector = new CandidateCollector({
    weights: WEIGHTS,
    compared,
    budgetTokens,
    counts,
  });
  const surroundings = new Surroundings();
  let totalLines = 0;
  const totalBytes = await forEachLine(
    log,
    line => {
      const { number, text } = line;
      totalLines = number;
      onLine?.(line);
      scanner.scan(text);
      const { hash, suspicious } = scanner;
      const stale = seen?.has(hash) ?? false;
      collector.add({
        line,
        kind: classifier.next(text, suspicious && !stale),
        tokens: mostTokens(line),
        hash,
        repeats: counts.add(hash),
        novel: compared && !stale,
        outside: step !== undefined && (number < step[0] || number > step[1]),
        around: surroundings.add(line),
      });
    },
    signal,
  );
  const kept = collector.finish();
  const lines = kept.map(({ line }) => line);
  return {
    reduction: {
      source: log.source,
      lines,
      around: linesAround(
        lines,
        kept.map(({ around = [] }) => around),
      ),
      totalLines,
      totalBytes,
      usedTokens: lines.reduce((sum, { text }) => sum + countTokens(text), 0),
      budgetTokens,
      comparedWithPass: compared,
    },
    foundFailure: collector.foundFailure,
  };
}

async function seenLines(
  pass: LogInput,
  signal: AbortSignal | undefined,
): Promise<SeenLines> {
  const seen = new SeenLines();
  const scanner = new TemplateScanner();
  await forEachLine(
    pass,
    line => {
      scanner.scan(line.text);
      seen.add(scanner.hash);
    },
    signal,
  );
  return seen;
}

/** Others count a byte order mark as a character of the first line. */
function mostTokens({ number, text, cutFrom }: LogLine): number {
  const length = (cutFrom ?? text.length) + (number === 1 ? 1 : 0);
  return Math.floor(length / 4) + 1;
}
