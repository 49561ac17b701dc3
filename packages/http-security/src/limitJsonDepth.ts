// SPDX-License-Identifier: Apache-2.0

/** Levels of arrays and objects in each other that any honest client needs at most. */
const MAX_DEPTH = 100;

const [QUOTE, BACKSLASH, ...BRACKETS] = Buffer.from('"\\[{]}');
const OPENING = BRACKETS.slice(0, 2);
const CLOSING = BRACKETS.slice(2);

/**
 * Refuses JSON that is nested too deeply, before it is parsed: what walks
 * through such a value afterwards runs out of stack. In the form of the
 * `verify` option of `express.json`; one pass over the bytes.
 *
 * @throws Error with `status` 400
 */
export function limitJsonDepth(
  _request: unknown,
  _response: unknown,
  body: Buffer,
): void {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (isString) {
      if (byte === BACKSLASH) {
        index += 1;
      } else if (byte === QUOTE) {
        isString = false;
      }
    } else if (byte === QUOTE) {
      isString = true;
    } else if (OPENING.includes(byte)) {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw Object.assign(
          new Error(`JSON may be nested at most ${MAX_DEPTH} levels deep`),
          { status: 400 },
        );
      }
    } else if (CLOSING.includes(byte)) {
      depth -= 1;
    }
  }
}
