// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { createRedactor, type LogLine } from '@greenroom/triage-engine';
import type { KeptLog } from '../database/ReportStore';

/** Of all logs of an incident, so that a page and a redactor can bear them. */
const MAX_CHARACTERS = 400_000;
const MAX_LINE = 2_000;
/** Of each log that is too long: its begin and end, and what surrounds a quote. */
const HEAD = 100;
const TAIL = 1_000;
const AROUND = 200;

/** A log, or another document of lines, as its reader gives it. */
export interface LinesOf {
  source: string;
  lines: () => AsyncIterable<LogLine>;
}

/**
 * What people read of the logs that the report quotes: redacted, numbered as in the
 * untouched log, whole where that fits.
 *
 * @param inputs - by `source`; of several with the same one the first
 * @param others - sources that are kept, too, where there is room for them
 */
export async function keepLogs(
  inputs: LinesOf[],
  report: TriageReport,
  knownSecrets: Record<string, string>,
  others: string[] = [],
): Promise<KeptLog[]> {
  const quoted = quotedLines(report);
  for (const source of others) {
    quoted.set(source, quoted.get(source) ?? []);
  }
  const redactor = createRedactor({ knownSecrets });
  const kept: KeptLog[] = [];
  let room = MAX_CHARACTERS;
  for (const [source, numbers] of quoted) {
    const input = inputs.find(each => each.source === source);
    if (!input || room <= 0) {
      continue;
    }
    const { lines, total } = await readKept(input, numbers, room);
    const texts = redactor.redactLines(lines.map(({ text }) => text));
    room -= texts.reduce((sum, text) => sum + text.length + 1, 0);
    kept.push({
      source,
      total,
      lines: lines.map(({ number }, index) => ({ number, text: texts[index] })),
    });
  }
  return kept;
}

/** Numbers of the quoted lines by log, the one of the failed step first. */
function quotedLines(report: TriageReport): Map<string, number[]> {
  const quoted = new Map<string, number[]>();
  const add = (source: string, line?: number) =>
    quoted.set(source, [
      ...(quoted.get(source) ?? []),
      ...(line ? [line] : []),
    ]);
  if (report.failure.step) {
    add(report.failure.step.source);
  }
  const cause =
    report.rootCause.outcome === 'identified' ? report.rootCause.evidence : [];
  for (const { source, line } of [...cause, ...report.failure.evidence]) {
    add(source, line);
  }
  for (const { source, lines } of report.excerpts) {
    lines.forEach(({ number }) => add(source, number));
  }
  return quoted;
}

async function readKept(input: LinesOf, quoted: number[], room: number) {
  const all: KeptLog['lines'] = [];
  const windows: KeptLog['lines'] = [];
  const near = new Set(
    quoted.flatMap(line =>
      Array.from({ length: 2 * AROUND + 1 }, (_, at) => line - AROUND + at),
    ),
  );
  const tail: KeptLog['lines'] = [];
  let size = 0;
  let total = 0;
  for await (const { number, text } of input.lines()) {
    total = number;
    const line = { number, text: text.slice(0, MAX_LINE) };
    size += line.text.length + 1;
    if (size <= room) {
      all.push(line);
    }
    if (number <= HEAD || near.has(number)) {
      windows.push(line);
    } else {
      tail.push(line);
      if (tail.length > 2 * TAIL) {
        tail.splice(0, TAIL);
      }
    }
  }
  if (size <= room) {
    return { lines: all, total };
  }
  const chosen: KeptLog['lines'] = [];
  let left = room;
  // What surrounds a quote first; then the end.
  for (const line of [...windows, ...tail.slice(-TAIL).reverse()]) {
    left -= line.text.length + 1;
    if (left < 0) {
      break;
    }
    chosen.push(line);
  }
  return { lines: chosen.sort((a, b) => a.number - b.number), total };
}
