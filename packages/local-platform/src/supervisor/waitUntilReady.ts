// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters } from 'node:util';
import { Problem } from '../../bootstrap/Problem.mjs';
import { sleep } from '../../bootstrap/processes.mjs';
import { ManagedProcess } from './ManagedProcess';

/** What is waited for, and how long. */
export interface ReadyOptions {
  process: ManagedProcess;
  /** Answers true when the part truly works; throwing counts as "not yet". */
  check: (signal: AbortSignal) => Promise<boolean>;
  timeoutMs: number;
  /** A line of the log that says: this will never be ready. */
  fatal?: RegExp;
  signal?: AbortSignal;
}

/** Waits until a part truly answers; fails with its last words when it ends or takes too long. */
export async function waitUntilReady(options: ReadyOptions): Promise<void> {
  const { process: part, check, timeoutMs, fatal, signal } = options;
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  while (!part.exit) {
    signal?.throwIfAborted();
    try {
      if (await check(AbortSignal.timeout(10_000))) {
        return;
      }
    } catch (error) {
      lastError = error;
    }
    if (fatal && part.tail(50).some(line => fatal.test(line))) {
      throw startProblem(part, `${part.spec.name} could not start.`);
    }
    if (Date.now() > deadline) {
      throw startProblem(
        part,
        `${part.spec.name} did not answer within ${Math.round(timeoutMs / 1000)} s.`,
        lastError,
      );
    }
    await sleep(150);
  }
  signal?.throwIfAborted();
  const { code, signal: by, error } = part.exit;
  const how =
    error?.message ?? (by ? `it was ended by ${by}` : `exit code ${code}`);
  throw startProblem(
    part,
    `${part.spec.name} ended while it started (${how}).`,
    error,
  );
}

/** A part's failure with the lines of its log that are worth reading. */
export function startProblem(
  part: ManagedProcess,
  what: string,
  cause?: unknown,
): Problem {
  return new Problem(
    what,
    'Run `npm start` again; if it happens twice, the log says why.',
    {
      detail: meaningfulLines(part.tail(80)),
      log: part.spec.logFile,
      cause,
    },
  );
}

const NOISE = [
  /^\s+at /,
  /^\s*File "/,
  /^\s*[\^~]+\s*$/,
  /^\s{4,}/,
  /^node:internal/,
  /^Node\.js v\d/,
  /^\s*(code|url|errno|syscall): /,
  /^[^\p{L}]*$/u,
];

/** The last lines that a person learns from: no stack frames, no excerpts of sources. */
export function meaningfulLines(lines: string[], count = 6): string[] {
  return lines
    .map(stripVTControlCharacters)
    .filter(line => !NOISE.some(noise => noise.test(line)))
    .map(line => (line.length > 300 ? `${line.slice(0, 299)}…` : line))
    .slice(-count);
}
