// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  AuthenticationError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { createHash, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';

/** A file that is renewed counts from then on. */
const FRESH_MS = 5_000;
/** What is shorter can be guessed. */
const MIN_LENGTH = 16;

const REFUSAL =
  "Alerts are taken with 'Authorization: Bearer' and the token of 'triage.alerts.tokenFile' only";

const hash = (text: string) => createHash('sha256').update(text).digest();

/** The token that Alertmanager sends, as its own configuration reads it from a file. */
export class AlertToken {
  readonly #file: string | undefined;
  readonly #logger: LoggerService;
  #known?: { at: number; hash: Buffer | undefined };

  constructor(options: { file: string | undefined; logger: LoggerService }) {
    this.#file = options.file;
    this.#logger = options.logger;
  }

  /**
   * @throws NotFoundError where no token is configured, ServiceUnavailableError where
   * there is none to compare with, AuthenticationError where it is another one
   */
  async check(authorization: string | undefined): Promise<void> {
    const [, given] =
      /^Bearer ([^\s]{1,1024})$/i.exec(authorization ?? '') ?? [];
    // First, as on every other path: who has none is told nothing else.
    if (!given) {
      throw new AuthenticationError(REFUSAL);
    }
    if (this.#file === undefined) {
      throw new NotFoundError(
        "No alerts are taken here: 'triage.alerts.tokenFile' is not configured",
      );
    }
    const expected = await this.#read(this.#file);
    if (!expected) {
      throw new ServiceUnavailableError(
        "The file of 'triage.alerts.tokenFile' holds no token of 16 characters or more",
      );
    }
    // Hashes are of one length, so that the comparison tells nothing.
    if (!timingSafeEqual(hash(given), expected)) {
      throw new AuthenticationError(REFUSAL);
    }
  }

  async #read(file: string): Promise<Buffer | undefined> {
    const now = Date.now();
    if (this.#known && now - this.#known.at < FRESH_MS) {
      return this.#known.hash;
    }
    let token = '';
    try {
      token = (await fs.readFile(file, 'utf8')).trim();
    } catch (error) {
      this.#logger.error(
        `The token of Alertmanager cannot be read ('triage.alerts.tokenFile'): ${error}`,
      );
    }
    this.#known = {
      at: now,
      hash: token.length < MIN_LENGTH ? undefined : hash(token),
    };
    return this.#known.hash;
  }
}
