// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { fileInput } from '../logs/input/fileInput';
import { reduceLog } from '../evidence/reduce/reduceLog';

const requestSchema = z.object({
  id: z.string(),
  log: z.string().min(1),
  baseline: z.string().min(1).nullish(),
  budgetTokens: z.int().min(1),
});

/** Line numbers as ranges: 1, 2, 3, 7 → [1, 3], 7. */
function toRanges(numbers: number[]): Array<number | [number, number]> {
  const ranges: Array<[number, number]> = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) {
      last[1] = number;
    } else {
      ranges.push([number, number]);
    }
  }
  return ranges.map(([from, to]) => (from === to ? from : [from, to]));
}

/**
 * Answers requests of `eval/log-reduction/score.mjs`, one JSON object a line:
 * `{id, log, baseline, budgetTokens}` → `{id, lines: [12, [18, 61]]}`, or
 * `{id, lines: [], error}` for one that cannot be answered.
 */
export async function reduceCommand(
  input: NodeJS.ReadableStream,
  write: (text: string) => void,
): Promise<number> {
  let code = 0;
  let number = 0;
  for await (const row of createInterface({ input })) {
    number += 1;
    if (row.trim() === '') {
      continue;
    }
    let id: string | undefined;
    try {
      const json: unknown = JSON.parse(row);
      const request = requestSchema.parse(json);
      id = request.id;
      const reduction = await reduceLog({
        log: fileInput(request.log),
        pass: request.baseline ? fileInput(request.baseline) : undefined,
        budgetTokens: request.budgetTokens,
      });
      const lines = toRanges(reduction.lines.map(line => line.number));
      write(`${JSON.stringify({ id, lines })}\n`);
    } catch (error) {
      code = 1;
      const message =
        error instanceof z.ZodError
          ? `line ${number}: ${z.prettifyError(error)}`
          : `line ${number}: ${error instanceof Error ? error.message : error}`;
      write(
        `${JSON.stringify({ id: id ?? null, lines: [], error: message })}\n`,
      );
    }
  }
  return code;
}
