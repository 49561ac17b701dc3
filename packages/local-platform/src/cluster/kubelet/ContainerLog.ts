// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

export type StreamName = 'stdout' | 'stderr';

/** One line of a container, or a part of one that is longer than 16 KiB. */
export interface LogLine {
  /** When it was read, RFC 3339. */
  time: string;
  stream: StreamName;
  text: string;
  /** False where the line goes on in the next one. */
  complete: boolean;
}

const MAX_LINE = 16 * 1024;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/**
 * The log of one run of a container, in the format of the Container Runtime Interface (`time stream F text`). When the file is
 * full it becomes `<file>.1` and the one before is gone.
 */
export class ContainerLog {
  readonly file: string;
  readonly #maxBytes: number;
  readonly #emitter = new EventEmitter<{ line: [LogLine]; end: [] }>();
  readonly #pending = {
    stdout: { decoder: new StringDecoder('utf8'), text: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '' },
  };
  #handle: number | undefined;
  #size = 0;
  #ended = false;

  constructor(file: string, maxBytes: number = MAX_FILE_BYTES) {
    this.file = file;
    this.#maxBytes = maxBytes;
    this.#emitter.setMaxListeners(0);
  }

  get ended(): boolean {
    return this.#ended;
  }

  write(stream: StreamName, chunk: Buffer): void {
    const pending = this.#pending[stream];
    const parts = (pending.text + pending.decoder.write(chunk)).split('\n');
    const rest = parts.pop() ?? '';
    const lines = parts.flatMap(part => cut(stream, part));
    const unfinished = cut(stream, rest);
    pending.text = unfinished.pop()?.text ?? '';
    this.#append([
      ...lines,
      ...unfinished.map(line => ({ ...line, complete: false })),
    ]);
  }

  /** Nothing more will come; a last line without an end is one, too. */
  end(): void {
    if (this.#ended) {
      return;
    }
    for (const stream of ['stdout', 'stderr'] as const) {
      const { text } = this.#pending[stream];
      if (text) {
        this.#append(cut(stream, text));
      }
    }
    this.#ended = true;
    if (this.#handle !== undefined) {
      fs.closeSync(this.#handle);
      this.#handle = undefined;
    }
    this.#emitter.emit('end');
  }

  /** Calls back for what comes from now on; what was written before is in the files. */
  follow(onLine: (line: LogLine) => void, onEnd: () => void): () => void {
    this.#emitter.on('line', onLine);
    this.#emitter.on('end', onEnd);
    return () => {
      this.#emitter.off('line', onLine);
      this.#emitter.off('end', onEnd);
    };
  }

  #append(lines: LogLine[]): void {
    if (!lines.length || this.#ended) {
      return;
    }
    const text = lines.map(formatLine).join('');
    try {
      this.#rotate(Buffer.byteLength(text));
      this.#handle ??= fs.openSync(this.file, 'a', 0o600);
      fs.writeSync(this.#handle, text);
    } catch {
      // A full disk must not end what serves; who follows gets the lines still.
    }
    lines.forEach(line => this.#emitter.emit('line', line));
  }

  #rotate(coming: number): void {
    if (this.#handle === undefined) {
      this.#size = fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    }
    if (this.#size && this.#size + coming > this.#maxBytes) {
      if (this.#handle !== undefined) {
        fs.closeSync(this.#handle);
        this.#handle = undefined;
      }
      fs.renameSync(this.file, `${this.file}.1`);
      this.#size = 0;
    }
    this.#size += coming;
  }
}

function cut(stream: StreamName, text: string): LogLine[] {
  const time = new Date().toISOString();
  const lines: LogLine[] = [];
  let from = 0;
  do {
    lines.push({
      time,
      stream,
      text: text.slice(from, from + MAX_LINE),
      complete: from + MAX_LINE >= text.length,
    });
    from += MAX_LINE;
  } while (from < text.length);
  return lines;
}

function formatLine({ time, stream, text, complete }: LogLine): string {
  return `${time} ${stream} ${complete ? 'F' : 'P'} ${text}\n`;
}
