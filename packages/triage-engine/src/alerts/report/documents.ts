// SPDX-License-Identifier: Apache-2.0
import { readLines } from '../../logs/lines/readLines';
import { oneLine } from '../../text/oneLine';
import { METRICS } from '../facts/measure';
import { readSituation } from '../facts/readSituation';
import type { Situation } from '../facts/types';
import { OBJECTS } from '../read/ObjectsDocument';
import { logSource } from '../read/readLogs';
import type { AlertFailure } from '../types';

/** What an alert is called as a source of evidence. */
export const ALERT = 'alert';

/** Something that evidence points into. */
export interface Document {
  source: string;
  totalLines: number;
  textOf(line: number): string | undefined;
  /** Numbers of lines that tell versions and settings. */
  firstLines: number[];
  /** Numbers of lines that tell how it ended. */
  lastLines: number[];
}

const HEAD = 6;
const TAIL = 10;

/** The alert as lines. */
function describeAlert({ alert, expression }: Situation): string[] {
  const pairs = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => `${name}=${oneLine(value)}`);
  return [
    `status=${alert.status} startsAt=${alert.startsAt}${alert.endsAt ? ` endsAt=${alert.endsAt}` : ''}`,
    ...pairs(alert.labels).map(line => `label ${line}`),
    ...pairs(alert.annotations).map(line => `annotation ${line}`),
    ...(expression ? [`expression ${oneLine(expression)}`] : []),
  ];
}

function ofLines(source: string, lines: string[], shown: number): Document {
  return {
    source,
    totalLines: lines.length,
    textOf: line => lines[line - 1],
    firstLines: Array.from(
      { length: Math.min(shown, lines.length) },
      (_, at) => at + 1,
    ),
    lastLines: [],
  };
}

/** The documents of a situation, as far as they were kept. */
export function documentsOf(situation: Situation): Document[] {
  const logs = situation.logs.map(({ source, lines, totalLines, previous }) => {
    const texts = new Map(lines.map(({ number, text }) => [number, text]));
    return {
      source,
      totalLines,
      textOf: (line: number) => texts.get(line),
      firstLines: lines.slice(0, HEAD).map(({ number }) => number),
      lastLines: previous ? lines.slice(-TAIL).map(({ number }) => number) : [],
    };
  });
  return [
    ofLines(ALERT, describeAlert(situation), 30),
    ofLines(OBJECTS, situation.document.lines, 0),
    ofLines(
      METRICS,
      situation.metrics.map(({ evidence }) => evidence.quote),
      12,
    ),
    ...logs,
  ].filter(({ totalLines }) => totalLines > 0);
}

/**
 * Every document that evidence may point into, line by line, unredacted: the alert,
 * the objects, the metrics, and each log under its name.
 *
 * @public
 */
export async function readAlertDocuments(
  failure: AlertFailure,
): Promise<Array<{ source: string; lines: string[] }>> {
  const { situation } = await readSituation(failure);
  const logs: Array<{ source: string; lines: string[] }> = [];
  for (const log of failure.logs) {
    const lines: string[] = [];
    try {
      for await (const { text } of readLines(log.input)) {
        lines.push(text);
      }
    } catch {
      continue;
    }
    logs.push({ source: logSource(log), lines });
  }
  return [
    { source: ALERT, lines: describeAlert(situation) },
    { source: OBJECTS, lines: situation.document.lines },
    {
      source: METRICS,
      lines: situation.metrics.map(({ evidence }) => evidence.quote),
    },
    ...logs,
  ];
}
