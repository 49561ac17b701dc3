import type { StageError } from '@greenroom/plugin-triage-common';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ReportFile } from '../types';
import {
  ByteBudget,
  guardEntry,
  type Archive,
  type ArchiveEntry,
} from './Archive';
import { openBytes, readBytes } from './ByteSource';
import { archiveKind, isBinary } from './entryName';
import { ErrorLog } from './ErrorLog';
import type { UnpackLimits } from './limits';
import { openFolder } from './openFolder';
import { openZip } from './openZip';

/** Reports are held in memory; the largest SARIF that GitHub takes has 10 MB in gzip. */
const LIMITS: UnpackLimits = {
  maxEntries: 2000,
  maxEntryBytes: 64 * 1024 * 1024,
  maxTotalBytes: 256 * 1024 * 1024,
  maxRatio: 200,
};
const SNIFF = 512;
/** What tools write reports as; beside them, artifacts hold models and images. */
const REPORT_NAME =
  /\.(?:jsonl?|ndjson|sarif|xml|txt|log|out|csv)$|(?:^|\/)[^/.]+$/i;
/** Tools write it beside their reports; it says how much was tested, not what failed. */
const COVERAGE =
  /(?:^|\/)(?:coverage|cobertura|jacoco|clover|lcov)[^/]*\.(?:xml|json)$/i;

/**
 * Reads the reports that a run left: a file, a zip archive of an artifact, or a
 * folder of files and of such archives. Files that are no report by their name, and
 * those of coverage, are passed over; what is broken, too large or unsafe is said in `errors`.
 *
 * @param limits - a report beyond `maxEntryBytes` is left out, for half a report says
 *   something else.
 * @throws what `fs` throws where there is no such file.
 * @public
 */
export async function unpackReports(
  path: string,
  limits: Partial<UnpackLimits> = {},
): Promise<{ reports: ReportFile[]; errors: StageError[] }> {
  const bounds = { ...LIMITS, ...limits };
  const log = new ErrorLog();
  const isFolder = (await stat(path)).isDirectory();
  if (!isFolder) {
    return readFile(path, bounds, log);
  }
  const folder = await openFolder(path, bounds, log);
  const reports: ReportFile[] = [];
  for (const entry of folder.entries) {
    if (/\.zip$/i.test(entry.path)) {
      const inner = await readFile(
        join(path, entry.path),
        bounds,
        new ErrorLog(),
      );
      reports.push(
        ...inner.reports.map(report => ({
          ...report,
          source: `${entry.path}/${report.source}`,
        })),
      );
      for (const { code, message, source } of inner.errors) {
        log.add(code, message, source ? `${entry.path}/${source}` : entry.path);
      }
    }
  }
  reports.push(...(await readEntries(folder, log)));
  return { reports, errors: log.errors };
}

/** A zip archive, or a report. */
async function readFile(
  path: string,
  limits: UnpackLimits,
  log: ErrorLog,
): Promise<{ reports: ReportFile[]; errors: StageError[] }> {
  const source = await openBytes(path);
  try {
    const head = await readBytes(source.read(0, SNIFF), SNIFF);
    const isZip = archiveKind(head) === 'zip';
    const reports = isZip
      ? await readEntries(await openZip(source, limits, log), log)
      : await readReport(
          guardEntry(
            {
              path: basename(path),
              content: () => source.read(0, source.size),
            },
            new ByteBudget(limits),
            log,
          ),
          log,
        );
    return { reports, errors: log.errors };
  } finally {
    await source.close();
  }
}

async function readEntries(
  { entries }: Archive,
  log: ErrorLog,
): Promise<ReportFile[]> {
  const reports: ReportFile[] = [];
  for (const entry of entries) {
    if (REPORT_NAME.test(entry.path) && !COVERAGE.test(entry.path)) {
      reports.push(...(await readReport(entry, log)));
    }
  }
  return reports;
}

/** None where the content is no text, or not whole. */
async function readReport(
  entry: ArchiveEntry,
  log: ErrorLog,
): Promise<ReportFile[]> {
  const content = await readBytes(entry.open(), Infinity);
  const kind = archiveKind(content);
  if (kind !== undefined) {
    log.add(
      'nested-archive',
      `An archive (${kind}) is not opened here`,
      entry.path,
    );
  } else if (isBinary(content.subarray(0, SNIFF))) {
    log.add('not-a-report', 'Not read: it holds no text', entry.path);
  }
  return log.concerns(entry.path) ? [] : [{ source: entry.path, content }];
}
