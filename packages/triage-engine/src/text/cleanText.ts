// SPDX-License-Identifier: Apache-2.0
import { withoutEscapes } from './escapes';

// Controls but tab and line breaks, soft hyphen, zero-width and bidirectional
// characters, variation selectors, the tag block: nothing that one can see.
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|\udb40[\udc00-\uddef]/g;

/**
 * A text without escape sequences and without characters that one cannot see,
 * so that a secret is not hidden by them. Line breaks stay.
 */
export function cleanText(text: string): string {
  let clean = text;
  // Taking one out can make another: two rounds take what is nested once, the
  // loop what is nested on purpose.
  for (let round = 0; round < 8; round++) {
    const next = withoutEscapes(clean).replace(INVISIBLE, '');
    if (next === clean) {
      return clean;
    }
    clean = next;
  }
  throw new Error('Escape sequences are nested too deeply');
}
