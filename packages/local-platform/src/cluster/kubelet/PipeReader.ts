// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import net from 'node:net';

/** Reads a named pipe whose end of file never comes, since we hold it open for writing too. */
export class PipeReader {
  readonly #handle: number;
  readonly #socket: net.Socket;
  readonly #take: (chunk: Buffer) => void;

  constructor(pipe: string, take: (chunk: Buffer) => void) {
    this.#take = take;
    this.#handle = fs.openSync(
      pipe,
      fs.constants.O_RDWR | fs.constants.O_NONBLOCK,
    );
    this.#socket = new net.Socket({ fd: this.#handle, writable: false });
    this.#socket.on('data', take);
    this.#socket.on('error', () => {});
  }

  /** Takes what is still in the pipe, and lets go of it. */
  finish(): void {
    this.#socket.off('data', this.#take);
    const buffer = Buffer.alloc(64 * 1024);
    try {
      for (;;) {
        const length = fs.readSync(this.#handle, buffer);
        if (!length) {
          break;
        }
        this.#take(Buffer.from(buffer.subarray(0, length)));
      }
    } catch {
      // EAGAIN: it is empty.
    }
    this.#socket.destroy();
  }
}
