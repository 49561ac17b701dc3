// SPDX-License-Identifier: Apache-2.0
import { ServerResponse } from 'node:http';
import { LogLine } from './ContainerLog';

/** A reader that is slower than this is let go. */
const MAX_UNSENT = 8 * 1024 * 1024;

/** Sends lines of a log to one reader. */
export class LineSender {
  readonly #response: ServerResponse;
  readonly #timestamps: boolean;
  #left: number;
  #isNewLine = true;

  constructor(response: ServerResponse, timestamps: boolean, limit: number) {
    this.#response = response;
    this.#timestamps = timestamps;
    this.#left = limit;
  }

  send({ time, text, complete }: LogLine): void {
    if (this.#response.writableEnded) {
      return;
    }
    const prefix = this.#timestamps && this.#isNewLine ? `${time} ` : '';
    this.#isNewLine = complete;
    const bytes = Buffer.from(prefix + text + (complete ? '\n' : ''));
    this.#response.write(bytes.subarray(0, this.#left));
    this.#left -= bytes.length;
    if (this.#left <= 0) {
      this.#response.end();
    } else if (this.#response.writableLength > MAX_UNSENT) {
      this.#response.destroy();
    }
  }
}
