import type { LogInput } from '../types';
import type { ArchiveEntry } from './Archive';
import { archiveJobName } from './archiveJobName';
import { readBytes } from './ByteSource';
import { archiveKind, isBinary } from './entryName';
import type { ErrorLog } from './ErrorLog';
import { joinSteps } from './joinSteps';
import { locateSteps } from './locateSteps';
import { readLogFile } from './readLogFile';
import type { JobLog, StepLog } from './types';

/** `0_build.txt`; runs of before 2023 have a number below zero. */
const JOB_FILE = /^(-?\d{1,20})_(.+)\.txt$/;
/** `build/5_Run tests.txt`. */
const STEP_FILE = /^(\d{1,9})_(.*)\.txt$/;
const LOG_NAME = /(?:^|\/)[^/.]+$|\.(?:txt|log|out|err)$/i;
const SNIFF = 512;

/** A job, as its files say. */
interface JobFiles {
  /** As the archive writes it. */
  name: string;
  order: number;
  whole?: LogInput;
  steps: Array<StepLog & { log: LogInput }>;
  /** `system.txt`: what the service said before the runner had the job. */
  system?: LogInput;
}

/**
 * The jobs of a run's log archive. GitHub has laid it out in three ways, and
 * mixes them: `<n>_<job>.txt` for whole jobs, `<job>/<n>_<step>.txt` for steps, or
 * both. Whatever else is text is read as the log of one job.
 */
export async function readLayout(
  entries: ArchiveEntry[],
  log: ErrorLog,
): Promise<JobLog[]> {
  const texts: LogInput[] = [];
  for (const entry of entries) {
    if (await isLog(entry, log)) {
      texts.push({ source: entry.path, open: entry.open });
    }
  }
  const jobs = new Map<string, JobFiles>();
  const others: LogInput[] = [];
  const root = commonFolder(texts.map(({ source }) => source));
  for (const text of texts) {
    if (!place(text, text.source.slice(root.length), jobs)) {
      others.push(text);
    }
  }
  const result: JobLog[] = [];
  for (const job of [...jobs.values()].sort((a, b) => a.order - b.order)) {
    result.push(...(await readJob(job)));
  }
  for (const other of others) {
    result.push(
      ...(await readLogFile(
        other,
        other.source.slice(root.length).replace(/\.[^./]+$/, ''),
      )),
    );
  }
  return result;
}

async function readJob(job: JobFiles): Promise<JobLog[]> {
  const steps = job.steps.sort((a, b) => a.number - b.number);
  if (job.whole && steps.length === 0) {
    return readLogFile(job.whole, job.name);
  }
  if (job.whole) {
    return [
      {
        name: job.name,
        log: job.whole,
        steps: await locateSteps(job.whole, steps),
      },
    ];
  }
  if (steps.length > 0) {
    return [await joinSteps(job.name, steps)];
  }
  return job.system ? [{ name: job.name, log: job.system, steps: [] }] : [];
}

/** @returns false for a file that is no part of GitHub's layout. */
function place(
  log: LogInput,
  path: string,
  jobs: Map<string, JobFiles>,
): boolean {
  const parts = path.split('/');
  const [file] = parts.splice(-1);
  const folder = parts.join('/');
  const jobOf = (name: string): JobFiles => {
    // The two forms of a job's name need not be cut alike.
    const key = archiveJobName(name);
    const job = jobs.get(key) ?? { name, order: Infinity, steps: [] };
    jobs.set(key, job);
    return job;
  };
  if (folder === '') {
    const [, order, name] = JOB_FILE.exec(file) ?? [];
    if (name === undefined) {
      return false;
    }
    let job = jobOf(name);
    if (job.whole) {
      // Two jobs of one name; GitHub tells them apart by number only.
      job = { name, order: 0, steps: [] };
      jobs.set(path, job);
    }
    job.whole = log;
    job.order = Number(order);
    return true;
  }
  const [, number, name] = STEP_FILE.exec(file) ?? [];
  if (number !== undefined && Number(number) > 0) {
    jobOf(folder).steps.push({ number: Number(number), name, log });
    return true;
  }
  if (file === 'system.txt') {
    jobOf(folder).system = log;
    return true;
  }
  return false;
}

/** A folder that somebody put around the archive's files, with its slash. */
function commonFolder(paths: string[]): string {
  const first = paths[0]?.split('/')[0];
  if (
    first === undefined ||
    !paths.every(path => path.startsWith(`${first}/`))
  ) {
    return '';
  }
  const inside = paths.map(path => path.slice(first.length + 1));
  // A lone job's folder holds steps, which count from 1, and nothing below.
  return inside.some(path => path.includes('/') || /^(?:0|-\d+)_/.test(path))
    ? `${first}/${commonFolder(inside)}`
    : '';
}

async function isLog(entry: ArchiveEntry, log: ErrorLog): Promise<boolean> {
  if (!LOG_NAME.test(entry.path)) {
    const nested = /\.(?:zip|tar|t?gz|tgz|bz2|xz|zst|7z)$/i.test(entry.path);
    log.add(
      nested ? 'nested-archive' : 'not-a-log',
      nested
        ? 'An archive in the archive is not opened'
        : 'Not read: it is no log by its name',
      entry.path,
    );
    return false;
  }
  const head = await readBytes(entry.open(), SNIFF);
  const kind = archiveKind(head);
  if (kind !== undefined) {
    log.add(
      'nested-archive',
      `An archive (${kind}) in the archive is not opened`,
      entry.path,
    );
    return false;
  }
  if (isBinary(head)) {
    log.add('not-a-log', 'Not read: it holds no text', entry.path);
    return false;
  }
  return true;
}
