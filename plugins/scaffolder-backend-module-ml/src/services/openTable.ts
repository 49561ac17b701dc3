// SPDX-License-Identifier: Apache-2.0
import type { UrlReaderService } from '@backstage/backend-plugin-api';
import { InputError, toError } from '@backstage/errors';
import {
  hideUrlSecrets,
  toStoredUrl,
} from '@greenroom/plugin-scaffolder-ml-common';

/** In bytes. A repository is the place for a small table only. */
export const MAX_REPOSITORY_SIZE = 20 * 1024 ** 2;

/** In bytes. What is larger is not read, not even by its address. */
export const MAX_TABLE_SIZE = 2 * 1024 ** 3;

/** In milliseconds: for the whole of a table, and for its next bytes. */
const READ_TIMEOUTS = { total: 20 * 60_000, idle: 60_000 };

/**
 * The bytes of a data URL, as a browser makes one of a chosen file.
 *
 * @throws InputError that names `data.csvUpload`
 */
export function openUpload(upload: string): Buffer[] {
  const head = /^data:[^,]{0,1000};base64,/.exec(upload)?.[0];
  const encoded = upload.slice(head?.length ?? upload.length);
  const digits = encoded.replace(/={1,2}$/, '');
  if ((digits.length * 3) / 4 > MAX_REPOSITORY_SIZE) {
    refuseTooLarge();
  }
  // A repeated group over megabytes would run out of stack.
  if (digits === '' || /[^A-Za-z0-9+/]/.test(digits)) {
    throw new InputError('data.csvUpload: choose the file again');
  }
  return [Buffer.from(encoded, 'base64')];
}

/** The address in its normal form; one that carries a password is refused. */
export function checkTableUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new InputError(
      'data.csvUrl: give the address of the CSV file; it begins with https:// or http://',
    );
  }
  if (url.username || url.password) {
    throw new InputError(
      'data.csvUrl: leave the user and the password out of the address; the portal signs in by itself where integrations are configured',
    );
  }
  return url;
}

/** An address with what opens it, if that is the same address. */
export function completeUrl(url: URL, whole: string | undefined): URL {
  return whole &&
    URL.canParse(whole) &&
    toStoredUrl(whole).url === toStoredUrl(url.href).url
    ? checkTableUrl(whole)
    : url;
}

/** Refuses a table that is too large for a repository and has no address. */
export function refuseTooLarge(): never {
  throw new InputError(
    `data.csvUpload: the table has more than ${
      MAX_REPOSITORY_SIZE / 1024 ** 2
    } MB, which is too much for a repository; put it on a server and give its address`,
  );
}

function describeFailure(error: unknown, url: URL, bytes: number): string {
  // Readers quote the address, or what they have made of it.
  const reason = hideUrlSecrets(toError(error).message, url.href);
  return bytes > 0
    ? `the table broke off after ${bytes} bytes (${reason.slice(0, 300)}); try again`
    : `the portal cannot read the address (${reason.slice(
        0,
        300,
      )}). Its host must be one of integrations.* or backend.reading.allow in app-config; or upload the file`;
}

/**
 * The bytes behind an address, read by Backstage's URL readers only, as they
 * arrive.
 *
 * @throws InputError that names `data.csvUrl`
 */
export async function* openUrl(
  url: URL,
  options: {
    urlReader: UrlReaderService;
    signal?: AbortSignal;
    timeouts?: { total: number; idle: number };
  },
): AsyncGenerator<Buffer> {
  const { urlReader, signal, timeouts = READ_TIMEOUTS } = options;
  const controller = new AbortController();
  const deadline = Date.now() + timeouts.total;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    const left = Math.min(timeouts.idle, deadline - Date.now());
    timer = setTimeout(() => controller.abort(), Math.max(left, 0));
  };
  let bytes = 0;
  try {
    wait();
    const response = await urlReader.readUrl(url.href, {
      signal: AbortSignal.any([controller.signal, ...(signal ? [signal] : [])]),
    });
    const chunks = response.stream?.() ?? [await response.buffer()];
    for await (const chunk of chunks) {
      wait();
      bytes += chunk.length;
      yield Buffer.from(chunk);
    }
  } catch (error) {
    if (controller.signal.aborted) {
      throw new InputError(
        `data.csvUrl: ${
          Date.now() < deadline
            ? `nothing came from the address for ${timeouts.idle / 1000} s`
            : `the table did not arrive within ${timeouts.total / 60_000} minutes`
        }; try again, or upload a sample`,
      );
    }
    throw new InputError(`data.csvUrl: ${describeFailure(error, url, bytes)}`);
  } finally {
    clearTimeout(timer);
  }
}
