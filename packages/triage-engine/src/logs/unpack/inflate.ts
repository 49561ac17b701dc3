import { createGunzip, createInflateRaw } from 'node:zlib';

/** Becomes at most 17 MB: deflate's ratio is 1032. */
const PIECE = 16 * 1024;

/** How far {@link inflate} came. */
export interface InflateProgress {
  /** Compressed bytes that belong to the data. */
  consumed: number;
}

/**
 * Unpacks piece by piece, no faster than the reader reads. What stands after the
 * end of the data is left alone.
 *
 * Node's own streams drop what they hold when the data turns out to be broken;
 * here everything up to the broken place comes out, then the error is thrown.
 */
export async function* inflate(
  format: 'deflate' | 'gzip',
  compressed: AsyncIterable<Uint8Array>,
  progress: InflateProgress = { consumed: 0 },
): AsyncGenerator<Uint8Array> {
  const engine = format === 'gzip' ? createGunzip() : createInflateRaw();
  let ready: Uint8Array[] = [];
  let ended = false;
  let failure: Error | undefined;
  engine.on('data', (piece: Uint8Array) => ready.push(piece));
  engine.on('end', () => {
    ended = true;
  });
  const failed = new Promise<void>(resolve => {
    engine.on('error', error => {
      failure = error;
      resolve();
    });
  });
  const take = () => {
    const taken = ready;
    ready = [];
    progress.consumed = engine.bytesWritten;
    return taken;
  };
  const hasEnded = () => ended || failure !== undefined;
  try {
    for await (const chunk of compressed) {
      for (let at = 0; at < chunk.length && !hasEnded(); at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        await Promise.race([
          new Promise<void>(resolve => engine.write(piece, () => resolve())),
          failed,
        ]);
        yield* take();
      }
      if (hasEnded()) {
        break;
      }
    }
    if (!hasEnded()) {
      const end = new Promise<void>(resolve => {
        engine.on('end', () => resolve());
      });
      engine.end();
      await Promise.race([end, failed]);
    }
    yield* take();
    if (failure) {
      throw failure;
    }
  } finally {
    engine.destroy();
  }
}
