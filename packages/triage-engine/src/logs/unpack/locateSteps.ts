import { LineHeadScanner, scanLineHeads } from '../lines/LineHeadScanner';
import type { LogInput } from '../types';
import { toUtf8 } from '../lines/toUtf8';
import type { StepLog } from './types';

/**
 * Finds out where steps that have files of their own stand in the job's log: at
 * the line that is the first of the step's file. Time stamps tell lines of the same
 * text apart. A step that is not found has no `lines`.
 */
export async function locateSteps(
  whole: LogInput,
  steps: Array<StepLog & { log: LogInput }>,
): Promise<StepLog[]> {
  const wanted = new Map<number, Array<{ step: number; head: Buffer }>>();
  for (const [step, { log }] of steps.entries()) {
    const head = await firstLine(log);
    if (head) {
      const hash = hashOf(head);
      wanted.set(hash, [...(wanted.get(hash) ?? []), { step, head }]);
    }
  }
  const starts = new Map<number, number>();
  const lines = await scanLineHeads(whole, ({ number, head }) => {
    const line = withoutBom(head);
    const match = wanted
      .get(hashOf(line))
      ?.find(({ step, head: own }) => !starts.has(step) && own.equals(line));
    if (match) {
      starts.set(match.step, number);
    }
  });
  const order = [...starts].sort((a, b) => a[1] - b[1]);
  const ends = new Map(
    order.map(([step], index) => [
      step,
      index + 1 < order.length ? order[index + 1][1] - 1 : lines,
    ]),
  );
  return steps.map((step, index) => {
    const start = starts.get(index);
    const end = ends.get(index);
    return start === undefined || end === undefined
      ? step
      : { ...step, lines: [start, end] };
  });
}

async function firstLine(log: LogInput): Promise<Buffer | undefined> {
  let first: Buffer | undefined;
  const scanner = new LineHeadScanner(({ head }) => {
    first ??= Buffer.from(withoutBom(head));
  });
  for await (const piece of toUtf8(log.open())) {
    scanner.write(piece);
    if (first) {
      return first;
    }
  }
  scanner.end();
  return first;
}

function withoutBom(head: Uint8Array): Uint8Array {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
    ? head.subarray(3)
    : head;
}

/** Of what differs most: the end of the time stamp and the start of the text. */
function hashOf(head: Uint8Array): number {
  let hash = head.length;
  for (let index = 14; index < Math.min(head.length, 40); index++) {
    hash = (Math.imul(hash, 31) + head[index]) | 0;
  }
  return hash;
}
