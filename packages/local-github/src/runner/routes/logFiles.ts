// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ZipEntry } from '../execution/zip';
import type { JobRecord } from '../store/JobStore';
import type { RunnerStore } from '../store/RunnerStore';

/** The log of one step; empty if it wrote none. */
export async function readStepLog(
  store: RunnerStore,
  job: JobRecord,
  number: number,
): Promise<string> {
  return readFile(
    path.join(store.logDirectory(job.logOf ?? job.id), `${number}.txt`),
    'utf8',
  ).catch(() => '');
}

/** The whole log of a job, its steps one after the other. */
export async function readJobLog(
  store: RunnerStore,
  job: JobRecord,
): Promise<string> {
  const parts = [];
  for (const step of store.jobs.steps(job)) {
    parts.push(await readStepLog(store, job, step.number));
  }
  return parts.join('');
}

/** The files of a run's log archive as GitHub lays them out: `0_job.txt` and `job/1_Set up job.txt`. */
export async function runLogEntries(
  store: RunnerStore,
  runId: number,
  attempt: number,
): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  const jobs = store.jobs
    .list(runId, attempt)
    .filter(job => store.jobs.steps(job).length > 0);
  for (const [index, job] of jobs.entries()) {
    const folder = fileName(job.name);
    entries.push({
      name: `${index}_${folder}.txt`,
      content: Buffer.from(await readJobLog(store, job)),
    });
    for (const step of store.jobs.steps(job)) {
      const content = await readStepLog(store, job, step.number);
      if (content !== '') {
        entries.push({
          name: `${folder}/${step.number}_${fileName(step.name)}.txt`,
          content: Buffer.from(content),
        });
      }
    }
  }
  return entries;
}

/** A job's or step's name as a file's: what file systems refuse is left out, as on GitHub. */
function fileName(name: string): string {
  return (
    name
      .replace(/[\p{Cc}"*/:<>?\\|]/gu, '')
      .trim()
      .slice(0, 90) || 'unnamed'
  );
}
