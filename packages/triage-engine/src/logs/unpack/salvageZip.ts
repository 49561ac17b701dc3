import { guardEntry, type ArchiveEntry, type ByteBudget } from './Archive';
import { readBytes, type ByteSource } from './ByteSource';
import { isClutter, shownName, whyUnsafe } from './entryName';
import type { ErrorLog } from './ErrorLog';
import { FreeNames } from './FreeNames';
import { inflate, type InflateProgress } from './inflate';

const HEADER_SIZE = 30;
const HEADER = Buffer.from('PK\u0003\u0004', 'latin1');
const DESCRIPTOR = Buffer.from('PK\u0007\u0008', 'latin1');
const ENCRYPTED_FLAG = 1;
const SIZE_FOLLOWS_FLAG = 8;
const DEFLATED = 8;

/** What a local header says. */
interface LocalFile {
  name: string;
  method: number;
  encrypted: boolean;
  dataStart: number;
  /** Absent where it follows the data. */
  size?: number;
}

/**
 * The files of a zip archive that has lost its directory: a download that was cut
 * off, most of the time. Goes from one local header to the next and inflates each
 * file once to find its end.
 *
 * Source of the format: PKWARE's APPNOTE, 4.3.7.
 */
export async function salvageZip(
  source: ByteSource,
  budget: ByteBudget,
  log: ErrorLog,
): Promise<ArchiveEntry[]> {
  const { maxEntries, maxTotalBytes } = budget.limits;
  const entries: ArchiveEntry[] = [];
  const names = new FreeNames();
  let inflated = 0;
  let at = 0;
  for (let count = 0; count < maxEntries && inflated < maxTotalBytes; count++) {
    const start = await find(source, HEADER, at);
    if (start === undefined) {
      break;
    }
    const file = await readHeader(source, start);
    if (!file) {
      at = start + HEADER.length;
      continue;
    }
    const extent = await measure(source, file, maxTotalBytes - inflated);
    inflated += extent.inflated;
    at = extent.end;
    if (file.name.endsWith('/') || isClutter(file.name)) {
      continue;
    }
    const unsafe = whyUnsafe(file.name);
    if (unsafe || file.encrypted) {
      log.add(
        unsafe ? 'unsafe-path' : 'encrypted',
        `Not read: ${unsafe ?? 'it is encrypted'}`,
        shownName(file.name),
      );
      continue;
    }
    entries.push(
      guardEntry(
        {
          path: names.take(file.name),
          content: progress => readFile(source, file, extent.end, progress),
        },
        budget,
        log,
      ),
    );
  }
  return entries;
}

function readFile(
  source: ByteSource,
  { method, dataStart }: LocalFile,
  end: number,
  progress: InflateProgress,
): AsyncIterable<Uint8Array> {
  return method === DEFLATED
    ? inflate('deflate', source.read(dataStart, source.size), progress)
    : source.read(dataStart, end);
}

async function readHeader(
  source: ByteSource,
  start: number,
): Promise<LocalFile | undefined> {
  const header = await readBytes(
    source.read(start, start + HEADER_SIZE),
    HEADER_SIZE,
  );
  if (header.length < HEADER_SIZE) {
    return undefined;
  }
  const flags = header.readUInt16LE(6);
  const method = header.readUInt16LE(8);
  const nameLength = header.readUInt16LE(26);
  const nameStart = start + HEADER_SIZE;
  const dataStart = nameStart + nameLength + header.readUInt16LE(28);
  if ((method !== 0 && method !== DEFLATED) || dataStart > source.size) {
    return undefined;
  }
  const name = await readBytes(
    source.read(nameStart, nameStart + nameLength),
    nameLength,
  );
  return {
    name: name.toString('utf8').replaceAll('\\', '/'),
    method,
    encrypted: (flags & ENCRYPTED_FLAG) !== 0,
    dataStart,
    ...((flags & SIZE_FOLLOWS_FLAG) === 0 && { size: header.readUInt32LE(18) }),
  };
}

/** Where the file's data ends, and how much came out of it on the way there. */
async function measure(
  source: ByteSource,
  { method, dataStart, size, encrypted }: LocalFile,
  maxBytes: number,
): Promise<{ end: number; inflated: number }> {
  if (method === DEFLATED && !encrypted) {
    const progress: InflateProgress = { consumed: 0 };
    let inflated = 0;
    try {
      for await (const piece of inflate(
        'deflate',
        source.read(dataStart, source.size),
        progress,
      )) {
        inflated += piece.length;
        if (inflated > maxBytes) {
          break;
        }
      }
      return { end: dataStart + progress.consumed, inflated };
    } catch {
      // Broken inside: the next header is looked for from its start.
      return { end: dataStart, inflated };
    }
  }
  const end =
    size === undefined
      ? ((await find(source, DESCRIPTOR, dataStart)) ??
        (await find(source, HEADER, dataStart)))
      : dataStart + size;
  return { end: Math.min(end ?? source.size, source.size), inflated: 0 };
}

async function find(
  source: ByteSource,
  wanted: Buffer,
  from: number,
): Promise<number | undefined> {
  let before = Buffer.alloc(0);
  let at = from;
  for await (const piece of source.read(from, source.size)) {
    const window = Buffer.concat([before, piece]);
    const index = window.indexOf(wanted);
    if (index >= 0) {
      return at - before.length + index;
    }
    before = window.subarray(Math.max(0, window.length - wanted.length + 1));
    at += piece.length;
  }
  return undefined;
}
