import { LogLineDecoder } from './LogLineDecoder';
import type { LogInput, LogLine } from '../types';

/**
 * The lines of a log from number `from` to number `to`, both included; all of
 * them unless told. Stops reading after `to`.
 *
 * @public
 */
export async function* readLines(
  input: LogInput,
  from: number = 1,
  to: number = Infinity,
): AsyncGenerator<LogLine> {
  let ready: LogLine[] = [];
  let last = 0;
  const decoder = new LogLineDecoder(line => {
    last = line.number;
    if (line.number >= from && line.number <= to) {
      ready.push(line);
    }
  });
  for await (const chunk of input.open()) {
    decoder.write(chunk);
    yield* ready;
    ready = [];
    if (last >= to) {
      return;
    }
  }
  decoder.end();
  yield* ready;
}
