import { scanLineHeads } from '../lines/LineHeadScanner';
import type { LogInput } from '../types';
import { toUtf8 } from '../lines/toUtf8';
import type { JobLog, StepLog } from './types';

const LINE_FEED = 10;
const BOM = [0xef, 0xbb, 0xbf];

/** A job whose log is that of its steps, one after the other. */
export async function joinSteps(
  name: string,
  steps: Array<StepLog & { log: LogInput }>,
): Promise<JobLog> {
  const located: StepLog[] = [];
  let lines = 0;
  for (const step of steps) {
    const count = await scanLineHeads(step.log);
    located.push({
      ...step,
      ...(count > 0 && { lines: [lines + 1, lines + count] }),
    });
    lines += count;
  }
  return {
    name,
    log: {
      source: name,
      async *open() {
        for (const { log } of steps) {
          yield* wholeLines(log);
        }
      },
    },
    steps: located,
  };
}

/** A file's bytes without byte order mark, with an end of its last line. */
async function* wholeLines(log: LogInput): AsyncGenerator<Uint8Array> {
  let last = LINE_FEED;
  let first = true;
  for await (const piece of toUtf8(log.open())) {
    const start =
      first && BOM.every((byte, index) => piece[index] === byte) ? 3 : 0;
    first = false;
    if (piece.length > start) {
      last = piece[piece.length - 1];
      yield piece.subarray(start);
    }
  }
  if (last !== LINE_FEED) {
    yield Uint8Array.of(LINE_FEED);
  }
}
