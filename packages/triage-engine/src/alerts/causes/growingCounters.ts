// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import type { ContainerLog, TimedLine } from '../read/readLogs';

/** `distinct_shapes=2487`, `cache size: 12` */
const PAIR = /\b([a-zA-Z][\w.-]{2,40})[=:] ?\[?(-?\d{1,15}(?:\.\d{1,9})?)/g;
const MAX_LINES = 4000;
const LEAST = 8;

/** A number in the lines of a log that only goes up. */
export interface GrowingCounter {
  name: string;
  from: number;
  to: number;
  log: ContainerLog;
  first: TimedLine;
  last: TimedLine;
}

/** Says itself how large memory is, so that it explains nothing. */
const MEMORY = /rss|mem|heap|alloc|vsz|bytes|^used$|committed/i;
const COUNTS =
  /^(?:id|pid|ts|time|seq|line|offset|epoch|step|request_?id|total|count|n)$/i;

/** Numbers of a log that grow from line to line, the steepest first. */
export function growingCounters(
  { logs }: Situation,
  isWanted: (log: ContainerLog) => boolean,
): GrowingCounter[] {
  return logs
    .filter(isWanted)
    .flatMap(log => {
      const series = new Map<string, Array<[TimedLine, number]>>();
      for (const line of log.lines.slice(-MAX_LINES)) {
        for (const [, name, value] of line.text.slice(0, 600).matchAll(PAIR)) {
          const known = series.get(name) ?? [];
          known.push([line, Number(value)]);
          series.set(name, known);
        }
      }
      return [...series].flatMap(([name, points]): GrowingCounter[] => {
        const [first, from] = points[0];
        const [last, to] = points[points.length - 1];
        const falls = points.filter(
          ([, value], at) => at > 0 && value < points[at - 1][1],
        ).length;
        const grows =
          points.length >= LEAST &&
          falls <= points.length * 0.02 &&
          to > Math.max(from, 1) * 2 &&
          !MEMORY.test(name) &&
          !COUNTS.test(name);
        return grows ? [{ name, from, to, log, first, last }] : [];
      });
    })
    .sort((a, b) => b.to / Math.max(1, b.from) - a.to / Math.max(1, a.from));
}
