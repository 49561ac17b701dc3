// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';
import {
  describeTableProblem,
  TableProfiler,
  type TableProfile,
} from '@greenroom/plugin-scaffolder-ml-common';
import { MAX_REPOSITORY_SIZE, MAX_TABLE_SIZE } from './openTable';

/** A table that was read to its end. */
export interface TakenTable {
  profile: TableProfile;
  bytes: number;
  /** Of the bytes, in hex. */
  sha256: string;
  /** Whether the file holds them; else they are too many. */
  isStored: boolean;
}

/**
 * Reads a table once: checks it, learns what it holds, and writes it byte for
 * byte to a file as long as it is small enough for a repository. Nothing but the
 * chunk at hand is kept in memory.
 *
 * @throws InputError that names the field
 */
export async function takeTable(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: {
    /** The parameter that it came by, for example `data.csvUrl`. */
    field: string;
    file: string;
    /** Asked before a table that is too large for the file is read on. */
    onTooLarge: () => void;
  },
): Promise<TakenTable> {
  const { field, file, onTooLarge } = options;
  const profiler = new TableProfiler();
  const hash = createHash('sha256');
  let bytes = 0;
  await fs.mkdir(path.dirname(file), { recursive: true });
  const handle = await fs.open(file, 'w');
  try {
    for await (const chunk of chunks) {
      const wasSmall = bytes <= MAX_REPOSITORY_SIZE;
      bytes += chunk.length;
      const isSmall = bytes <= MAX_REPOSITORY_SIZE;
      const problem = profiler.write(chunk);
      if (problem) {
        throw new InputError(`${field}: ${describeTableProblem(problem)}`);
      }
      if (bytes > MAX_TABLE_SIZE) {
        throw new InputError(
          `${field}: the table has more than ${
            MAX_TABLE_SIZE / 1024 ** 3
          } GB; give a sample of it`,
        );
      }
      if (wasSmall && !isSmall) {
        onTooLarge();
        await handle.truncate();
      }
      if (isSmall) {
        await handle.writeFile(chunk);
      }
      hash.update(chunk);
    }
  } finally {
    await handle.close();
  }
  const result = profiler.end();
  if ('problem' in result) {
    throw new InputError(`${field}: ${describeTableProblem(result.problem)}`);
  }
  const isStored = bytes <= MAX_REPOSITORY_SIZE;
  if (!isStored) {
    await fs.rm(file);
  }
  return {
    profile: result.profile,
    bytes,
    sha256: hash.digest('hex'),
    isStored,
  };
}
