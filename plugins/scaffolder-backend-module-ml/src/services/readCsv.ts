import type { UrlReaderService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

/** In bytes. A repository is the place for a small table only. */
export const MAX_CSV_SIZE = 20 * 1024 * 1024;

const READ_TIMEOUT_MS = 60_000;

function tooLarge(field: string): InputError {
  return new InputError(
    `${field}: the table has more than ${
      MAX_CSV_SIZE / 1024 / 1024
    } MB, which is too much for a repository. Give a sample of it, and read the rest in src/<package>/data.py`,
  );
}

function decode(field: string, bytes: Buffer): string {
  if (bytes.length > MAX_CSV_SIZE) {
    throw tooLarge(field);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(
      `${field}: the file is not text in UTF-8; save it as "CSV UTF-8" and try again`,
    );
  }
}

/** The text of a data URL, as a browser makes one of a chosen file. */
export function readUpload(upload: string): string {
  const match = /^data:[^,]*;base64,/.exec(upload);
  const encoded = match ? upload.slice(match[0].length) : '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) {
    throw new InputError('data.csvUpload: choose the file again');
  }
  return decode('data.csvUpload', Buffer.from(encoded, 'base64'));
}

/** The text behind an address, read by Backstage's URL readers only. */
export async function readUrl(
  url: string,
  options: { urlReader: UrlReaderService; signal?: AbortSignal },
): Promise<string> {
  const { urlReader, signal } = options;
  try {
    const response = await urlReader.readUrl(url, {
      signal: AbortSignal.any([
        AbortSignal.timeout(READ_TIMEOUT_MS),
        ...(signal ? [signal] : []),
      ]),
    });
    if (!response.stream) {
      return decode('data.csvUrl', await response.buffer());
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.stream()) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_CSV_SIZE) {
        throw tooLarge('data.csvUrl');
      }
      chunks.push(bytes);
    }
    return decode('data.csvUrl', Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof InputError) {
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `data.csvUrl: the portal cannot read the address (${reason.slice(
        0,
        300,
      )}). Its host must be one of integrations.* or backend.reading.allow in app-config; or upload the file`,
    );
  }
}
