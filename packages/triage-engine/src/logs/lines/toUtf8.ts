/** The bytes of a log as UTF-8: those with a UTF-16 byte order mark are turned into it. */
export async function* toUtf8(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined;
  let first = true;
  for await (const piece of pieces) {
    if (first && piece.length > 0) {
      first = false;
      const mark = piece[0] * 256 + piece[1];
      if (mark === 0xfffe) {
        decoder = new TextDecoder('utf-16le');
      } else if (mark === 0xfeff) {
        decoder = new TextDecoder('utf-16be');
      }
    }
    yield decoder
      ? Buffer.from(decoder.decode(piece, { stream: true }))
      : piece;
  }
}
