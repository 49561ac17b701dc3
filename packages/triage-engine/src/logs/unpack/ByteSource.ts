import { open } from 'node:fs/promises';

/** What is read at once; small enough that its inflated form fits in memory at any ratio. */
const CHUNK = 64 * 1024;

/** Bytes that can be read from any place: a file, or a buffer. */
export interface ByteSource {
  readonly size: number;
  /** From `from` to before `to`; less where the source ends. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** @throws as `fs.open` does, with the path. */
export async function openBytes(
  content: string | Uint8Array,
): Promise<ByteSource> {
  if (typeof content !== 'string') {
    return {
      size: content.length,
      async *read(from, to) {
        for (let at = from; at < Math.min(to, content.length); at += CHUNK) {
          yield content.subarray(at, Math.min(at + CHUNK, to));
        }
      },
      async close() {},
    };
  }
  const file = await open(content, 'r');
  const { size } = await file.stat();
  return {
    size,
    async *read(from, to) {
      let at = from;
      while (at < to) {
        const { bytesRead, buffer } = await file.read(
          Buffer.allocUnsafe(Math.min(CHUNK, to - at)),
          { position: at },
        );
        if (bytesRead === 0) {
          return;
        }
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    close: () => file.close(),
  };
}

/** As many bytes as are asked for, or as there are. */
export async function readBytes(
  pieces: AsyncIterable<Uint8Array>,
  length: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let have = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    have += piece.length;
    if (have >= length) {
      break;
    }
  }
  return Buffer.concat(parts).subarray(0, length);
}
