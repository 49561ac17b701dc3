// SPDX-License-Identifier: Apache-2.0
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Variation_Selector}]/gu;
const CONTROL = /[\p{Cc}\p{Cs}\p{Co}]/gu;
const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]/g;

/**
 * A text as a person sees it, on one line: without zero-width, bidirectional and
 * tag characters, and with U+FFFD for what is left of controls.
 */
export function oneLine(text: string): string {
  return text
    .replace(LINE_BREAKS, ' ')
    .replace(INVISIBLE, '')
    .replace(CONTROL, '\uFFFD');
}

/** The same with single spaces. */
export function collapsedText(text: string): string {
  return oneLine(text).replace(/ {2,}/g, ' ').trim();
}
