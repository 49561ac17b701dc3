// SPDX-License-Identifier: Apache-2.0
import type { ContainerLog } from '../read/readLogs';
import { belongsTo } from './subject';
import type { LineGroup, Subject } from './types';

const KEY = 220;
/** What came less before is part of it. */
export const MARGIN = 10 * 60_000;
const MAX_GROUPS = 20_000;

/** Levels and words by which programs say that something went wrong. */
const ERROR =
  /\b(?:ERROR|CRITICAL|FATAL|SEVERE|EMERG|PANIC)\b|level=(?:error|fatal|panic|critical)|"(?:level|severity|levelname)": ?"(?:error|fatal|critical|panic|emergency)"|\[(?:error|crit|alert|emerg)\]|^\[?[EF] ?\d|: [EF] [a-z]\w{1,40}[/.]|\b(?:panic|fatal)(?: error)?:|\bpanicked at\b|Traceback \(most recent|\b\w{0,60}(?:Error|Exception)\b ?:|^Killed$|\bKilled process\b|Segmentation fault|core dumped/i;

/** An answer that went well; of no one's interest. */
const ANSWERED_WELL =
  /" ?[123]\d\d\b|\b(?:status|code)[=:]"? ?2\d\d\b|HTTP\/\d(?:\.\d)?" [123]\d\d/;

/** What a line is by its own level, before its message: a logger may be called `uvicorn.error`. */
export const CALM =
  /^.{0,120}?(?:\b(?:INFO|DEBUG|TRACE|NOTICE)\b|level=(?:info|debug|trace)\b|"(?:level|severity|levelname)": ?"(?:info|debug|trace))/;
/** Said with a level, or of an exception, whatever level the line has. */
const LOUD =
  /\b(?:ERROR|CRITICAL|FATAL|SEVERE|EMERG|PANIC)\b|\b[A-Z]\w{0,60}(?:Error|Exception)\b ?:|Traceback \(most recent/;

/** Whether a line says that something went wrong. */
const isErrorLine = (text: string) =>
  ERROR.test(text) &&
  !ANSWERED_WELL.test(text) &&
  !(CALM.test(text) && !LOUD.test(text));

function keyOf(text: string): string {
  return text
    .slice(0, 2 * KEY)
    .replace(/[0-9a-f]{8,64}/gi, '#')
    .replace(/\d{1,30}/g, '#')
    .slice(0, KEY);
}

/** Whether a log is of the pod, the workload or the service of the alert. */
function isLogOfSubject(log: ContainerLog, subject: Subject): boolean {
  return (
    log.pod === subject.pod ||
    subject.names.some(name => belongsTo(log.pod, name))
  );
}

/**
 * The lines of all logs, those that differ in numbers only put together.
 *
 * @param onset - when what the alert measures began to change
 */
export function groupLines(
  logs: ContainerLog[],
  subject: Subject,
  onset: number,
): LineGroup[] {
  return logs.flatMap(log => {
    const isOfSubject = isLogOfSubject(log, subject);
    const groups = new Map<string, LineGroup>();
    for (const line of log.lines) {
      if (line.text.trim() === '') {
        continue;
      }
      const key = keyOf(line.text);
      const early = (line.time ?? onset) < onset - MARGIN ? 1 : 0;
      const group = groups.get(key);
      if (group) {
        group.count += 1;
        group.before += early;
        group.last = line;
      } else if (groups.size < MAX_GROUPS) {
        const isError = isErrorLine(line.text);
        groups.set(key, {
          log,
          line,
          last: line,
          count: 1,
          before: early,
          isOfSubject,
          isError,
        });
      }
    }
    return [...groups.values()];
  });
}
