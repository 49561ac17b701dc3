import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ByteBudget,
  guardEntry,
  type Archive,
  type ArchiveEntry,
} from './Archive';
import { openBytes } from './ByteSource';
import { isClutter } from './entryName';
import type { ErrorLog } from './ErrorLog';
import type { UnpackLimits } from './limits';

const MAX_DEPTH = 8;

/** The files below a folder, in the order of their names; symbolic links are not followed. */
export async function openFolder(
  folder: string,
  limits: UnpackLimits,
  log: ErrorLog,
): Promise<Archive> {
  const budget = new ByteBudget(limits);
  const entries: ArchiveEntry[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    const found = await readdir(join(folder, path), { withFileTypes: true });
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const file of found) {
      const name = path === '' ? file.name : `${path}/${file.name}`;
      if (isClutter(name)) {
        continue;
      }
      if (entries.length >= limits.maxEntries) {
        log.add(
          'too-many-files',
          `The folder has more than ${limits.maxEntries} files; the rest is not read`,
        );
        return;
      }
      if (file.isDirectory() && depth < MAX_DEPTH) {
        await visit(name, depth + 1);
      } else if (file.isFile()) {
        entries.push(
          guardEntry(
            { path: name, content: () => readFile(join(folder, name)) },
            budget,
            log,
          ),
        );
      } else {
        log.add(
          file.isSymbolicLink() ? 'symbolic-link' : 'not-a-file',
          file.isSymbolicLink()
            ? 'Not read: it is a symbolic link'
            : 'Not read: it is no file, or lies too deep',
          name,
        );
      }
    }
  };
  await visit('', 0);
  return { entries, async close() {} };
}

async function* readFile(file: string): AsyncGenerator<Uint8Array> {
  const source = await openBytes(file);
  try {
    yield* source.read(0, source.size);
  } finally {
    await source.close();
  }
}
