import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { LogInput } from '../types';

/** Large enough that reading costs little, small enough to hold many. */
const CHUNK = 256 * 1024;

/**
 * A file as a log. Unless told, its source is the file's name without the
 * directory, since reports leave the machine.
 */
export function fileInput(path: string, source?: string): LogInput {
  return {
    source: source ?? basename(path),
    open: () => createReadStream(path, { highWaterMark: CHUNK }),
  };
}
