// SPDX-License-Identifier: Apache-2.0
import { StringDecoder } from 'node:string_decoder';
import { createRedactor } from '../index';

/** A longer line is withheld: what stands around a cut could not be judged. */
const MAX_LINE = 1024 ** 2;

/** What stands on several lines is found when it is no longer than this. */
const CONTEXT_LINES = 200;
const BLOCK_LINES = 2000;

const WITHHELD = '[REDACTED:withheld#1]';

/** The lines of a text as they come, without their ends. */
async function* linesOf(
  input: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  let isTooLong = false;
  for await (const chunk of input) {
    const text =
      typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    const parts = text.split('\n');
    parts[0] = pending + parts[0];
    pending = parts.pop() ?? '';
    for (const part of parts) {
      yield isTooLong || part.length > MAX_LINE ? WITHHELD : part;
      isTooLong = false;
    }
    if (pending.length > MAX_LINE) {
      isTooLong = true;
      pending = '';
    }
  }
  pending += decoder.end();
  if (isTooLong) {
    yield WITHHELD;
  } else if (pending !== '') {
    yield pending;
  }
}

/**
 * `redact`: standard input without its secrets, line by line, in bounded memory.
 * The last line ends as the others do.
 */
export async function redactCommand(
  input: AsyncIterable<Uint8Array | string>,
  write: (text: string) => void,
): Promise<number> {
  const redactor = createRedactor();
  let lines: string[] = [];
  let context = 0;
  const flush = (keep: number) => {
    const end = lines.length - keep;
    const redacted = redactor.redactLines(lines).slice(context, end);
    if (redacted.length > 0) {
      write(`${redacted.join('\n')}\n`);
    }
    const before = Math.max(0, end - CONTEXT_LINES);
    context = end - before;
    lines = lines.slice(before);
  };
  for await (const line of linesOf(input)) {
    lines.push(line);
    if (lines.length >= BLOCK_LINES) {
      flush(CONTEXT_LINES);
    }
  }
  flush(0);
  return 0;
}
