import {
  parseTable,
  type Table,
  type TableProblem,
} from '@greenroom/plugin-scaffolder-ml-common';

/**
 * In bytes: a task is created by one request, which may have 10 MB, and the file
 * grows by a third in it.
 */
export const MAX_UPLOAD_SIZE = 5 * 1024 * 1024;

/** Why a chosen file is no table. */
export type FileProblem =
  | TableProblem
  | { code: 'tooLarge'; size: number }
  | { code: 'encoding' }
  | { code: 'unreadable' };

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

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
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
  const text = decode(bytes);
  if (text === undefined) {
    return { problem: { code: 'encoding' } };
  }
  const parsed = parseTable(text);
  return 'problem' in parsed
    ? { problem: parsed.problem }
    : { upload: `data:text/csv;base64,${toBase64(bytes)}` };
}

/** The table that the form holds; undefined when it holds none. */
export function parseUpload(upload: string | undefined): Table | undefined {
  const encoded = upload?.split(';base64,')[1];
  if (!encoded) {
    return undefined;
  }
  try {
    const text = decode(
      Uint8Array.from(atob(encoded), character => character.charCodeAt(0)),
    );
    const parsed = parseTable(text ?? '');
    return 'table' in parsed ? parsed.table : undefined;
  } catch {
    return undefined;
  }
}
