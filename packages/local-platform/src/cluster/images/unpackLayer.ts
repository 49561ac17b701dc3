// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, Header } from 'tar-stream';

/** What may be unpacked before it is taken for an attack, or a mistake. */
export interface UnpackLimits {
  bytes: number;
  entries: number;
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * Unpacks one layer over what is below `root` already. Nothing is written outside of it, by no name and through no link;
 * devices and pipes are refused; owners, and the bits that let a program run as another user, are not taken over.
 *
 * @param budget - what is left of the limits; it is used up
 */
export async function unpackLayer(
  file: string,
  mediaType: string,
  root: string,
  budget: UnpackLimits,
): Promise<void> {
  const top = fs.realpathSync(root);
  const archive = extract();
  const fed = pipeline(
    fs.createReadStream(file),
    decompress(mediaType),
    archive as unknown as NodeJS.WritableStream,
  );
  const unpacked = (async () => {
    for await (const entry of archive) {
      budget.entries -= 1;
      if (budget.entries < 0) {
        throw new Error('the image has too many files');
      }
      await unpackEntry(top, entry.header, entry, budget);
      entry.resume();
    }
  })().catch(error => {
    archive.destroy(error);
    throw error;
  });
  await Promise.all([unpacked, fed]);
}

function decompress(mediaType: string): Transform {
  if (/nondistributable|foreign/.test(mediaType)) {
    throw new Error(`layers of ${mediaType} are not fetched`);
  }
  if (/[+.]gzip$/.test(mediaType)) {
    return createGunzip();
  }
  if (mediaType.endsWith('+zstd')) {
    return createZstdDecompress();
  }
  if (/tar$/.test(mediaType)) {
    return new PassThrough();
  }
  throw new Error(`unknown media type of a layer: ${mediaType}`);
}

async function unpackEntry(
  root: string,
  header: Header,
  stream: AsyncIterable<unknown>,
  budget: UnpackLimits,
): Promise<void> {
  const target = resolveEntry(root, header.name);
  if (target === root) {
    return;
  }
  const parent = path.dirname(target);
  requireInside(root, parent);
  fs.mkdirSync(parent, { recursive: true, mode: 0o755 });
  const name = path.basename(target);
  if (name === OPAQUE) {
    fs.readdirSync(parent).forEach(each =>
      fs.rmSync(path.join(parent, each), { recursive: true, force: true }),
    );
    return;
  }
  if (name.startsWith(WHITEOUT)) {
    const gone = name.slice(WHITEOUT.length);
    if (gone !== '' && gone !== '.' && gone !== '..') {
      fs.rmSync(path.join(parent, gone), { recursive: true, force: true });
    }
    return;
  }
  // eslint-disable-next-line no-bitwise
  const mode = (header.mode ?? 0o644) & 0o777;
  switch (header.type) {
    case 'directory':
      makeDirectory(target);
      return;
    case 'file':
    case 'contiguous-file':
      remove(target);
      await writeFile(target, stream, mode, budget);
      return;
    case 'symlink':
      remove(target);
      fs.symlinkSync(resolveLink(root, target, header.linkname ?? ''), target);
      return;
    case 'link': {
      const source = resolveEntry(root, header.linkname ?? '');
      requireInside(root, path.dirname(source));
      if (!fs.lstatSync(source).isFile()) {
        throw new Error(`"${header.name}" is a link to what is no file`);
      }
      remove(target);
      fs.linkSync(source, target);
      return;
    }
    default:
      throw new Error(
        `"${header.name}" is a ${header.type}, which no image of this machine needs`,
      );
  }
}

async function writeFile(
  target: string,
  stream: AsyncIterable<unknown>,
  mode: number,
  budget: UnpackLimits,
): Promise<void> {
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      budget.bytes -= chunk.length;
      done(
        budget.bytes < 0 ? new Error('the image is too large') : null,
        chunk,
      );
    },
  });
  // Of this user, who must be able to read and remove it.
  // eslint-disable-next-line no-bitwise
  const options = { flags: 'wx', mode: mode | 0o600 };
  await pipeline(
    Readable.from(stream),
    limit,
    fs.createWriteStream(target, options),
  );
}

function makeDirectory(target: string): void {
  const found = fs.lstatSync(target, { throwIfNoEntry: false });
  if (!found?.isDirectory()) {
    remove(target);
    fs.mkdirSync(target, { mode: 0o755 });
  }
}

/** What a later layer, or entry, puts in the place of an earlier one. */
function remove(target: string): void {
  fs.rmSync(target, { recursive: true, force: true });
}

/** Names count from the image's root, with or without a slash in front. */
function resolveEntry(root: string, name: string): string {
  const parts = name.split('/');
  if (parts.includes('..') || name.includes('\0')) {
    throw new Error(`"${name}" leads out of the image`);
  }
  return path.join(root, ...parts);
}

/** Where a link leads, as this machine has to see it; a link out of the image is refused. */
function resolveLink(root: string, target: string, linkname: string): string {
  const folder = path.dirname(target);
  const wanted = linkname.startsWith('/')
    ? path.join(root, linkname)
    : path.resolve(folder, linkname);
  if (linkname === '' || !isInside(root, wanted)) {
    throw new Error(`"${linkname}" leads out of the image`);
  }
  return path.relative(folder, wanted) || '.';
}

/** A folder that may not be there yet: as far as it is, no link of it may lead out. */
function requireInside(root: string, folder: string): void {
  let existing = folder;
  while (!fs.lstatSync(existing, { throwIfNoEntry: false })) {
    existing = path.dirname(existing);
  }
  if (!isInside(root, fs.realpathSync(existing))) {
    throw new Error(`"${path.relative(root, folder)}" leads out of the image`);
  }
}

function isInside(root: string, file: string): boolean {
  return file === root || file.startsWith(`${root}${path.sep}`);
}
