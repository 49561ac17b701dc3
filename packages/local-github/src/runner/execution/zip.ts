// SPDX-License-Identifier: Apache-2.0
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import yazl from 'yazl';
import { resolveInside } from './resolveInside';

/** A file of an archive: on disk, perhaps opened by who may, or its content. */
export type ZipEntry =
  | { name: string; file: string; open?: () => number }
  | { name: string; content: Buffer };

/** A zip stream of the entries, in their order. */
export function zipStream(entries: ZipEntry[]): NodeJS.ReadableStream {
  const zip = new yazl.ZipFile();
  for (const entry of entries) {
    if ('file' in entry && entry.open) {
      const { mode, mtime } = statSync(entry.file);
      zip.addReadStream(Readable.from(contentOf(entry.open)), entry.name, {
        mode,
        mtime,
      });
    } else if ('file' in entry) {
      zip.addFile(entry.file, entry.name);
    } else {
      zip.addBuffer(entry.content, entry.name);
    }
  }
  zip.on('error', error => zip.outputStream.emit('error', error));
  zip.end();
  return zip.outputStream;
}

/** Opens the file only when its turn has come: an archive may hold more files than a process may open. */
async function* contentOf(openFile: () => number): AsyncGenerator<Buffer> {
  yield* createReadStream('', { fd: openFile() });
}

/** Writes a zip file. */
export async function writeZip(
  target: string,
  entries: ZipEntry[],
): Promise<void> {
  await pipeline(zipStream(entries), createWriteStream(target));
}

/**
 * Unpacks a zip file below a folder; a name that leads out of it is an error.
 * @returns how many files it held.
 */
export async function extractZip(
  file: string,
  directory: string,
  /** Refuses a place that must not be written to. */
  check: (target: string) => string,
): Promise<number> {
  const zip = await open(file);
  let count = 0;
  return new Promise((resolve, reject) => {
    const extract = async (entry: Entry) => {
      const target = check(resolveInside(directory, entry.fileName));
      if (entry.fileName.endsWith('/')) {
        await mkdir(target, { recursive: true });
      } else {
        await mkdir(path.dirname(target), { recursive: true });
        await pipeline(await openEntry(zip, entry), createWriteStream(target));
        count += 1;
      }
      zip.readEntry();
    };
    zip.on('entry', (entry: Entry) => {
      extract(entry).catch(error => {
        zip.close();
        reject(error);
      });
    });
    zip.once('error', reject);
    zip.once('end', () => resolve(count));
    zip.readEntry();
  });
}

function open(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    );
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) =>
      error ? reject(error) : resolve(stream),
    );
  });
}
