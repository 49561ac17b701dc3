import { execFileSync } from 'node:child_process';
import { startTimeOf } from '../../../../scripts/lib/processes.mjs';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessRecord {
  pid: number;
  startTime: string;
}

/** What a process has started, and what that has started, whatever process groups they are in. */
export function findDescendants(pid: number): ProcessRecord[] {
  let table: string;
  try {
    table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return [];
  }
  const childrenOf = new Map<number, number[]>();
  for (const line of table.trim().split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), child]);
  }
  const found: ProcessRecord[] = [];
  const queue = [...(childrenOf.get(pid) ?? [])];
  for (const child of queue) {
    const startTime = startTimeOf(child);
    if (startTime) {
      found.push({ pid: child, startTime });
    }
    queue.push(...(childrenOf.get(child) ?? []));
  }
  return found;
}

/** Kills what of the records is still the same process. */
export function killRecorded(
  records: ProcessRecord[],
  signal: NodeJS.Signals,
): void {
  for (const { pid, startTime } of records) {
    if (startTimeOf(pid) === startTime) {
      signalQuietly(pid, signal);
    }
  }
}

/** Signals a process (or, with a negative id, a group) that may be gone already. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
