// SPDX-License-Identifier: Apache-2.0
import { MARGIN } from '../facts/groupLines';
import type { Situation } from '../facts/types';
import type { ContainerLog, TimedLine } from '../read/readLogs';
import { lineEvidence, quoted } from './helpers';
import type { Sign } from './types';

/** Of the common log format, Envoy's and urllib3's: the request in quotes, then the status. */
const ANSWER =
  /"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) [^"\s]{1,400} HTTP\/[\d.]{1,3}"? (?<status>[1-5]\d\d)\b/;
const LEAST = 3;
const SHARE = 0.05;

interface Answers {
  log: ContainerLog;
  status: string;
  last: TimedLine;
  count: number;
  early: number;
}

/** Answers that fail, counted by log and status: they differ in a number only, and that is what tells. */
export function answerSigns({ logs, onset }: Situation): Sign[] {
  return logs
    .flatMap(log => {
      const found = new Map<string, Answers>();
      let all = 0;
      for (const line of log.lines) {
        const status = ANSWER.exec(line.text)?.groups?.status;
        if (status === undefined) {
          continue;
        }
        all += 1;
        const known = found.get(status);
        const isEarly = line.time !== undefined && line.time < onset - MARGIN;
        found.set(status, {
          log,
          status,
          last: line,
          count: (known?.count ?? 0) + 1,
          early: (known?.early ?? 0) + (isEarly ? 1 : 0),
        });
      }
      return [...found.values()]
        .filter(
          ({ count, early, status }) =>
            Number(status) >= 400 &&
            count >= LEAST &&
            count > SHARE * all &&
            early <= count / 4,
        )
        .map(each => ({ ...each, all }));
    })
    .sort((a, b) => b.count / b.all - a.count / a.all)
    .slice(0, 1)
    .map(({ all, count, last, log, status }) => ({
      score: 2.5 + Math.min(0.5, count / all),
      statement: `${log.container} of ${log.pod} answers ${count} of ${all} requests with ${status}: ${quoted(last.text, 300)}.`,
      evidence: [lineEvidence(log, last)],
      step: `Look at what these requests have in common, and what in ${log.container} answers ${status}.`,
    }));
}
