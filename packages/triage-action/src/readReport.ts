// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import {
  triageReportSchema,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import type { GithubRepository, RunAttempt } from './GithubRepository';

/** A report is some hundred kilobytes at most. */
const MAX_BYTES = 4 * 1024 * 1024;

async function readJson(file: string): Promise<unknown> {
  const { size } = await stat(file);
  if (size > MAX_BYTES) {
    throw new Error(`The report is larger than ${MAX_BYTES} bytes`);
  }
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Never with its text: the message is shown on the page of the run.
    throw new Error('The report is not JSON');
  }
}

/** A report of the right form, in a file that another job has written. */
export async function readReportFile(file: string): Promise<TriageReport> {
  const read = triageReportSchema.safeParse(await readJson(file));
  if (!read.success) {
    throw new Error('The report has not the form of a report');
  }
  const report = read.data;
  if (!/^[0-9a-f]{8,64}$/.test(report.failure.signature)) {
    throw new Error('The report has no signature');
  }
  return report;
}

/**
 * The report that another job has written. That job has read hostile text and
 * asked a model, so that nothing is believed: the form is checked, and GitHub is
 * asked whether it is about this attempt of this run of this repository.
 *
 * @throws Error that says what does not fit, without a word of the report
 */
export async function readReport(
  file: string,
  repository: GithubRepository,
  run: RunAttempt,
): Promise<TriageReport> {
  const report = await readReportFile(file);
  const { incident } = report;
  const expected = {
    kind: ['pipeline', incident.kind],
    repository: [repository.fullName, incident.repository],
    run: [String(run.id), incident.run?.id],
    attempt: [run.run_attempt ?? 1, incident.run?.attempt],
    commit: [run.head_sha, incident.run?.commit],
  };
  for (const [what, [ours, theirs]] of Object.entries(expected)) {
    if (ours !== theirs) {
      throw new Error(`The report is about another ${what} than this run`);
    }
  }
  return {
    ...report,
    incident: {
      ...incident,
      // The only address of a report that becomes a link.
      run: { ...incident.run, id: String(run.id), url: run.html_url },
    },
  };
}
