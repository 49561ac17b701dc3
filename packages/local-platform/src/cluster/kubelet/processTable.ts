// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One process of this machine. */
export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  memoryBytes: number;
  cpuSeconds: number;
}

/** What processes take together. */
export interface ProcessUsage {
  /** Resident. */
  memoryBytes: number;
  /** Of those that are there; what has ended took its share with it. */
  cpuSeconds: number;
}

const run = promisify(execFile);

/** All processes, by the one command that Linux and macOS share. */
export async function readProcessTable(): Promise<ProcessRow[]> {
  const { stdout } = await run('ps', [
    '-A',
    '-o',
    'pid=,ppid=,pgid=,rss=,time=',
  ]);
  return stdout
    .trim()
    .split('\n')
    .map(line => {
      const [pid, parent, group, kib, time] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        memoryBytes: Number(kib) * 1024,
        cpuSeconds: parseTime(time ?? ''),
      };
    });
}

/** `[days-]hours:minutes:seconds`, or `minutes:seconds.hundredths` on macOS. */
function parseTime(text: string): number {
  const [clock, days = '0'] = text.split('-').reverse();
  const seconds = clock
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}

/** What a process group takes, with all that it has started. */
export function usageOf(leader: number, rows: ProcessRow[]): ProcessUsage {
  const family = new Set(
    rows.filter(({ group }) => group === leader).map(({ pid }) => pid),
  );
  let size: number;
  do {
    size = family.size;
    for (const { pid, parent } of rows) {
      if (family.has(parent)) {
        family.add(pid);
      }
    }
  } while (family.size > size);
  const own = rows.filter(({ pid }) => family.has(pid));
  return {
    memoryBytes: own.reduce((sum, each) => sum + each.memoryBytes, 0),
    cpuSeconds: own.reduce((sum, each) => sum + each.cpuSeconds, 0),
  };
}
