// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ForgeContext } from '../../forge/types';

/** What a link leads to. */
export interface Download {
  kind: 'run-logs' | 'job-logs' | 'artifact';
  id: number;
  attempt?: number;
}

/** GitHub's links to logs live for a minute; a slow client gets a little more. */
const lifetimeMs = 5 * 60_000;

/** Where a download is served. */
export const DOWNLOAD_PATH = '/_actions/downloads';

/** Signed, short-lived links: GitHub answers 302 with one, and clients follow it without a token. */
export class DownloadLinks {
  readonly #key = randomBytes(32);
  readonly #context: ForgeContext;

  constructor(context: ForgeContext) {
    this.#context = context;
  }

  create(download: Download): string {
    const payload = Buffer.from(
      JSON.stringify({ ...download, expires: Date.now() + lifetimeMs }),
    ).toString('base64url');
    return `${this.#context.urls.web}${DOWNLOAD_PATH}/${payload}.${this.#sign(payload)}`;
  }

  /** What the link leads to; undefined if it is forged or too old. */
  open(token: string): Download | undefined {
    const [payload = '', signature = ''] = token.split('.');
    const expected = Buffer.from(this.#sign(payload));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      return undefined;
    }
    const download: Download & { expires: number } = JSON.parse(
      Buffer.from(payload, 'base64url').toString('utf8'),
    );
    return download.expires > Date.now() ? download : undefined;
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#key).update(payload).digest('base64url');
  }
}
