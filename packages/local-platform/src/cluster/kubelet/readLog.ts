// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { LogLine } from './ContainerLog';
import { splitLines } from './splitLines';

/** What of a log is wanted; the kubelet's own options. */
export interface LogSelection {
  /** Lines from then on, in ms since the epoch. */
  since?: number;
  tailLines?: number;
}

const LINE = /^(\S+) (stdout|stderr) ([FP]) (.*)$/s;

/** The lines of a log that are written by now, oldest first. */
export async function readLog(
  file: string,
  { since = 0, tailLines = Infinity }: LogSelection,
): Promise<LogLine[]> {
  // The size is taken at once, so that a follower gets each line once.
  const files = [`${file}.1`, file].map(name => ({
    name,
    size: fs.statSync(name, { throwIfNoEntry: false })?.size ?? 0,
  }));
  let lines: LogLine[] = [];
  for (const { name, size } of files) {
    if (size) {
      for await (const line of linesOf(name, size)) {
        if (Date.parse(line.time) >= since) {
          lines.push(line);
        }
        if (lines.length > 2 * tailLines + 1000) {
          lines = lastLines(lines, tailLines);
        }
      }
    }
  }
  return lastLines(lines, tailLines);
}

async function* linesOf(name: string, size: number): AsyncGenerator<LogLine> {
  const input = fs.createReadStream(name, { end: size - 1 });
  for await (const text of splitLines(input)) {
    const [, time, stream, kind, rest] = LINE.exec(text) ?? [];
    if (time) {
      yield {
        time,
        stream: stream as LogLine['stream'],
        text: rest,
        complete: kind === 'F',
      };
    }
  }
}

/** Parts of one line count as one. */
function lastLines(lines: LogLine[], count: number): LogLine[] {
  if (count === Infinity) {
    return lines;
  }
  let found = 0;
  let from = lines.length;
  while (from > 0) {
    if (lines[from - 1].complete || from === lines.length) {
      if (found === count) {
        break;
      }
      found += 1;
    }
    from -= 1;
  }
  return lines.slice(from);
}

/** The end of a log as it was written, at most so many lines and bytes. */
export async function tailOfLog(
  file: string,
  maxLines: number,
  maxBytes: number,
): Promise<string> {
  const lines = await readLog(file, { tailLines: maxLines });
  const text = Buffer.from(
    lines.map(line => line.text + (line.complete ? '\n' : '')).join(''),
  );
  return text.subarray(Math.max(0, text.length - maxBytes)).toString();
}
