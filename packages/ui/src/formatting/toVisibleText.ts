// SPDX-License-Identifier: Apache-2.0

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = '\u2421';

/**
 * Characters that a reader does not see, or that change the order in which others
 * are shown: controls, formats (bidirectional, zero-width, tags), line and
 * paragraph separators, fillers, lone surrogates.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0]/gu;

function show(character: string) {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xd800 && code <= 0xdfff) {
    return '\ufffd';
  }
  if (code < 0x20) {
    return String.fromCodePoint(CONTROL_PICTURES + code);
  }
  if (code === DELETE) {
    return DELETE_PICTURE;
  }
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/** One line of a stranger's text in which everything can be seen, as reports show it elsewhere. @public */
export function toVisibleText(text: string) {
  return text.replaceAll('\t', '    ').replace(UNSEEN, show);
}
