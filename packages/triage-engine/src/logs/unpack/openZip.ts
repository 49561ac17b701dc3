import { Readable } from 'node:stream';
import {
  RandomAccessReader,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  type Entry,
  type ZipFile,
} from 'yauzl';
import {
  ByteBudget,
  guardEntry,
  type Archive,
  type ArchiveEntry,
} from './Archive';
import type { ByteSource } from './ByteSource';
import { whyUnsafe, isClutter, shownName } from './entryName';
import type { ErrorLog } from './ErrorLog';
import { FreeNames } from './FreeNames';
import { inflate, type InflateProgress } from './inflate';
import type { UnpackLimits } from './limits';
import { salvageZip } from './salvageZip';

const STORED = 0;
const DEFLATED = 8;
const UTF8_FLAG = 0x800;
const UNIX = 3;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#source.read(start, end), { objectMode: false });
  }
}

/**
 * A zip archive, read where it lies: no header is believed, no entry is held in
 * memory, nothing is written. An archive whose directory is broken or cut off is
 * read from its local headers, as far as it goes.
 */
export async function openZip(
  source: ByteSource,
  limits: UnpackLimits,
  log: ErrorLog,
): Promise<Archive> {
  const budget = new ByteBudget(limits);
  let entries: ArchiveEntry[];
  try {
    entries = await listEntries(source, budget, log);
  } catch (error) {
    log.add(
      'broken-archive',
      `The zip archive is broken or incomplete (${error instanceof Error ? error.message : error}); what can be read of it is read`,
    );
    entries = await salvageZip(source, budget, log);
  }
  return { entries, close: () => source.close() };
}

async function listEntries(
  source: ByteSource,
  budget: ByteBudget,
  log: ErrorLog,
): Promise<ArchiveEntry[]> {
  const { maxEntries } = budget.limits;
  const zip = await fromRandomAccessReaderPromise(
    new SourceReader(source),
    source.size,
    // Names are checked here one by one: yauzl refuses the archive for one of them.
    { autoClose: false, lazyEntries: true, decodeStrings: false },
  );
  const entries: ArchiveEntry[] = [];
  const names = new FreeNames();
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    count += 1;
    if (count > maxEntries) {
      log.add(
        'too-many-files',
        `The archive has ${zip.entryCount} files; the first ${maxEntries} are read`,
      );
      break;
    }
    const name = decodeName(entry).replaceAll('\\', '/');
    if (name.endsWith('/') || isClutter(name)) {
      continue;
    }
    const refusal = whyRefused(entry, name);
    if (refusal) {
      log.add(...refusal, shownName(name));
      continue;
    }
    const path = names.take(name);
    if (path !== name) {
      log.add(
        'duplicate-name',
        `The archive has several files called ${name}; a later one is ${path} here`,
      );
    }
    entries.push(
      guardEntry(
        {
          path,
          content: progress => readEntry(zip, source, entry, progress),
          crc32: entry.crc32,
        },
        budget,
        log,
      ),
    );
  }
  return entries;
}

function whyRefused(
  entry: Entry,
  name: string,
): [code: string, message: string] | undefined {
  const unsafe = whyUnsafe(name);
  if (unsafe) {
    return ['unsafe-path', `Not read: ${unsafe}`];
  }
  const mode = entry.externalFileAttributes >>> 16;
  // eslint-disable-next-line no-bitwise
  if (
    entry.versionMadeBy >>> 8 === UNIX &&
    (mode & FILE_TYPE) === SYMBOLIC_LINK
  ) {
    return ['symbolic-link', 'Not read: it is a symbolic link'];
  }
  if (entry.isEncrypted()) {
    return ['encrypted', 'Not read: it is encrypted'];
  }
  return [STORED, DEFLATED].includes(entry.compressionMethod)
    ? undefined
    : [
        'unknown-compression',
        `Not read: compression method ${entry.compressionMethod} is not known`,
      ];
}

/** macOS writes UTF-8 and does not say so. */
function decodeName(entry: Entry): string {
  const { fileNameRaw, generalPurposeBitFlag, extraFields } = entry;
  if ((generalPurposeBitFlag & UTF8_FLAG) === 0) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(fileNameRaw);
    } catch {
      // Code page 437, then.
    }
  }
  return getFileNameLowLevel(
    generalPurposeBitFlag,
    fileNameRaw,
    extraFields,
    true,
  );
}

async function* readEntry(
  zip: ZipFile,
  source: ByteSource,
  entry: Entry,
  progress: InflateProgress,
): AsyncGenerator<Uint8Array> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, {
    minimal: true,
  });
  const packed = source.read(
    fileDataStart,
    fileDataStart + entry.compressedSize,
  );
  yield* entry.compressionMethod === DEFLATED
    ? inflate('deflate', packed, progress)
    : packed;
}
