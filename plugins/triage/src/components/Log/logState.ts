// SPDX-License-Identifier: Apache-2.0
import type { IncidentLog } from '@greenroom/plugin-triage-common';

export interface LogState {
  lines: IncidentLog['lines'];
  /** Lines of the untouched log. */
  total: number;
  /** The first and the last line that were read. */
  from: number;
  to: number;
  isLoading: boolean;
  error?: Error;
}

export const EMPTY_LOG: LogState = {
  lines: [],
  total: 0,
  from: 1,
  to: 0,
  isLoading: true,
};

/** What is known of a log once more of it was read. */
export function addLines(
  previous: LogState,
  log: IncidentLog,
  asked: { from: number; limit: number },
): LogState {
  const { from, limit } = asked;
  const last = log.lines.at(-1)?.number ?? from;
  const to = log.lines.length < limit ? log.total : last;
  const isFirst = previous.to === 0;
  const lines = new Map(
    [...previous.lines, ...log.lines].map(line => [line.number, line]),
  );
  return {
    lines: [...lines.values()].sort((a, b) => a.number - b.number),
    total: log.total,
    from: isFirst ? from : Math.min(from, previous.from),
    to:
      isFirst || from >= previous.from
        ? Math.max(to, previous.to)
        : previous.to,
    isLoading: false,
  };
}
