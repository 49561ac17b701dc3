// SPDX-License-Identifier: Apache-2.0

// What draws nothing: white space, controls (of bidi, too), what Unicode tells
// renderers to ignore (zero-width, variation selectors, tags, fillers), marks
// without a letter to stand on; and the blank Braille pattern and null notehead,
// which are symbols for Unicode.
const INVISIBLE =
  /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\u{2800}\u{1D159}]/gu;

/**
 * Whether a reader sees anything of a text.
 *
 * @internal
 */
export function hasVisibleText(text: string): boolean {
  return text.replace(INVISIBLE, '') !== '';
}
