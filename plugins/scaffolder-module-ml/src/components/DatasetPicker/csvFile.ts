// SPDX-License-Identifier: Apache-2.0
import {
  inspectTable,
  TableProfiler,
  type Finding,
  type ModelTask,
  type ReadAnswer,
  type TableProblem,
  type TableProfile,
} from '@greenroom/plugin-scaffolder-ml-common';

/**
 * In bytes: a task is created by one request, which may have 10 MB, and the file
 * grows by a third in it.
 */
export const MAX_UPLOAD_SIZE = 5 * 1024 * 1024;

/** Why a chosen file is no table. */
export type FileProblem =
  | { code: 'tooLarge'; size: number }
  | { code: 'unreadable' }
  | { code: 'table'; problem: TableProblem };

/** A chosen file, read. */
export type FileResult = { upload: string } | { problem: FileProblem };

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  const step = 0x8000;
  for (let start = 0; start < bytes.length; start += step) {
    binary += String.fromCharCode(...bytes.subarray(start, start + step));
  }
  return btoa(binary);
}

function profileBytes(bytes: Uint8Array) {
  const profiler = new TableProfiler();
  profiler.write(bytes);
  return profiler.end();
}

function readBytes(file: File): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () =>
      reader.result instanceof ArrayBuffer
        ? resolve(new Uint8Array(reader.result))
        : reject(new Error('The browser read no bytes'));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(file);
  });
}

/** Reads a chosen file into what the form holds, if it is a table. */
export async function readCsvFile(file: File): Promise<FileResult> {
  if (file.size > MAX_UPLOAD_SIZE) {
    return { problem: { code: 'tooLarge', size: file.size } };
  }
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(file);
  } catch {
    return { problem: { code: 'unreadable' } };
  }
  const result = profileBytes(bytes);
  return 'problem' in result
    ? { problem: { code: 'table', problem: result.problem } }
    : { upload: `data:text/csv;base64,${toBase64(bytes)}` };
}

let last: { upload: string; profile: TableProfile | undefined } | undefined;

function profileUpload(upload: string): TableProfile | undefined {
  try {
    const binary = atob(upload.split(';base64,')[1] ?? '');
    const result = profileBytes(
      Uint8Array.from(binary, character => character.charCodeAt(0)),
    );
    return 'profile' in result ? result.profile : undefined;
  } catch {
    return undefined;
  }
}

/** What the table in the form holds; undefined when the form has none. */
export function readUpload(
  upload: string | undefined,
): TableProfile | undefined {
  if (!upload) {
    return undefined;
  }
  // The field, its validator and each rendering ask for the same one.
  if (last?.upload !== upload) {
    last = { upload, profile: profileUpload(upload) };
  }
  return last.profile;
}

/** What is to be predicted from a table, and what was said of its cells. */
interface Question {
  target: string | undefined;
  task: ModelTask | undefined;
  read?: Record<string, ReadAnswer>;
}

let lastFindings:
  { key: string; upload: string; findings: Finding[] } | undefined;

/** What is wrong or doubtful in the table in the form, once the target is known. */
export function inspectUpload(
  upload: string | undefined,
  { target, task, read }: Question,
): Finding[] {
  const profile = readUpload(upload);
  if (!upload || !profile || !target || !task) {
    return [];
  }
  const key = JSON.stringify([target, task, read]);
  if (lastFindings?.upload !== upload || lastFindings.key !== key) {
    lastFindings = {
      key,
      upload,
      findings: inspectTable(profile, { target, task, read }),
    };
  }
  return lastFindings.findings;
}
