// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import { forEachLine } from '../../logs/lines/forEachLine';
import { oneLine } from '../../text/oneLine';
import type { PodLog } from '../types';
import { lineTime } from './lineTime';

/** Kept of one log: its start, where versions and settings are told, and its end. */
const FIRST = 1000;
const LAST = 9000;
const MAX_LINE = 4000;
const MAX_LOGS = 40;

/** A line with its time, by itself or by the line before it. */
export interface TimedLine {
  number: number;
  text: string;
  time?: number;
}

/** The log of one container. */
export interface ContainerLog {
  source: string;
  pod: string;
  container: string;
  previous: boolean;
  lines: TimedLine[];
  totalLines: number;
}

/** `POD_CONTAINER.previous.txt` */
export const logSource = ({ pod, container, previous }: PodLog) =>
  oneLine(`${pod}_${container}${previous ? '.previous' : ''}.txt`);

async function readLog(
  log: PodLog,
  near: number,
  signal: AbortSignal | undefined,
): Promise<ContainerLog> {
  const first: TimedLine[] = [];
  let last: TimedLine[] = [];
  let total = 0;
  let time: number | undefined;
  await forEachLine(
    log.input,
    ({ number, text }, raw) => {
      total = number;
      time = lineTime(raw, near) ?? time;
      const line = { number, text: text.slice(0, MAX_LINE), time };
      (first.length < FIRST ? first : last).push(line);
      if (last.length > 2 * LAST) {
        last = last.slice(-LAST);
      }
    },
    signal,
  );
  const lines = [...first, ...last.slice(-LAST)];
  while (lines.at(-1)?.text.trim() === '') {
    lines.pop();
  }
  const { pod, container, previous } = log;
  const source = logSource(log);
  return { source, pod, container, previous, lines, totalLines: total };
}

/** The logs of containers; one that cannot be read is named. */
export async function readLogs(
  logs: PodLog[],
  near: number,
  signal?: AbortSignal,
): Promise<{ logs: ContainerLog[]; errors: StageError[] }> {
  const errors: StageError[] = [];
  const read: ContainerLog[] = [];
  for (const log of logs.slice(0, MAX_LOGS)) {
    try {
      read.push(await readLog(log, near, signal));
    } catch {
      signal?.throwIfAborted();
      errors.push({
        stage: 'logs',
        code: 'unreadable',
        source: logSource(log),
        message: 'The log could not be read.',
      });
    }
  }
  if (logs.length > MAX_LOGS) {
    errors.push({
      stage: 'logs',
      code: 'too-many',
      message: `Only the first ${MAX_LOGS} of ${logs.length} logs are read.`,
    });
  }
  return { logs: read.filter(({ lines }) => lines.length > 0), errors };
}
