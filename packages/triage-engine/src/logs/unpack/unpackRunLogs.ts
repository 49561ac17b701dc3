import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ByteBudget, guardEntry, type Archive } from './Archive';
import { openBytes, readBytes, type ByteSource } from './ByteSource';
import { archiveKind, isBinary } from './entryName';
import { ErrorLog } from './ErrorLog';
import { inflate } from './inflate';
import { DEFAULT_UNPACK_LIMITS, type UnpackLimits } from './limits';
import { openFolder } from './openFolder';
import { openZip } from './openZip';
import { readLayout } from './readLayout';
import { readLogFile } from './readLogFile';
import type { RunLogs } from './types';

const SNIFF = 512;

/**
 * The jobs and steps of a run's logs, in whatever form they come: GitHub's log
 * archive or the folder it was unpacked to, the log of one job, what
 * `gh run view --log` printed, or any text; each also in gzip. The form is told by
 * the content.
 *
 * Nothing is written to disk and no log is held in memory: a `LogInput` reads its
 * entry each time it is opened, until `close` is called. What breaks while it is
 * read (an entry cut off, a limit) ends that log and is added to `errors` then, so
 * look at `errors` last.
 *
 * @param file - path, or the bytes.
 * @param options - `name` of the file, where bytes are given; its last part names
 *   the log.
 * @throws what `fs` throws where there is no such file.
 * @public
 */
export async function unpackRunLogs(
  file: string | Uint8Array,
  options: { name?: string; limits?: Partial<UnpackLimits> } = {},
): Promise<RunLogs> {
  const limits = { ...DEFAULT_UNPACK_LIMITS, ...options.limits };
  const log = new ErrorLog();
  const name = basename(
    options.name ?? (typeof file === 'string' ? resolve(file) : 'log'),
  );
  if (typeof file === 'string' && (await stat(file)).isDirectory()) {
    return fromArchive(await openFolder(file, limits, log), log);
  }
  const source = await openBytes(file);
  try {
    const head = await readBytes(source.read(0, SNIFF), SNIFF);
    if (archiveKind(head) === 'zip') {
      return await fromArchive(await openZip(source, limits, log), log);
    }
    return await fromFile(source, head, name, limits, log);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function fromArchive(archive: Archive, log: ErrorLog): Promise<RunLogs> {
  return {
    jobs: await readLayout(archive.entries, log),
    errors: log.errors,
    close: archive.close,
  };
}

async function fromFile(
  source: ByteSource,
  start: Uint8Array,
  name: string,
  limits: UnpackLimits,
  log: ErrorLog,
): Promise<RunLogs> {
  const packed = archiveKind(start) === 'gzip';
  const path = packed ? name.replace(/\.gz$/i, '') : name;
  const entry = guardEntry(
    {
      path,
      content: progress =>
        packed
          ? inflate('gzip', source.read(0, source.size), progress)
          : source.read(0, source.size),
    },
    new ByteBudget(limits),
    log,
  );
  const head = packed ? await readBytes(entry.open(), SNIFF) : start;
  const kind = archiveKind(head);
  const runLogs = { errors: log.errors, close: () => source.close() };
  if (kind !== undefined || isBinary(head)) {
    log.add(
      kind === undefined ? 'not-a-log' : 'nested-archive',
      kind === undefined
        ? 'Not read: it holds no text'
        : `An archive (${kind}) is not opened here; a zip archive or a log is read`,
      path,
    );
    return { ...runLogs, jobs: [] };
  }
  return {
    ...runLogs,
    jobs: await readLogFile(
      { source: path, open: entry.open },
      path.replace(/^-?\d{1,20}_/, '').replace(/\.[^.]+$/, '') || path,
    ),
  };
}
