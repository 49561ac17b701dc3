// SPDX-License-Identifier: Apache-2.0

/* eslint-disable no-control-regex */

// ECMA-48: CSI, OSC and the other strings, two-character sequences. A string
// ends at BEL or ST; one without an end is taken to the end of its line.
const ESCAPES =
  /\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b[\]PX^_][^\x07\x1b\r\n]{0,4096}(?:\x07|\x1b\\)?|\x1b[ -/]{0,4}[0-~]?|\x9b[0-?]{0,64}[ -/]{0,8}[@-~]/g;

// Controls but tab and line feed, and what turns the writing direction around.
const CONTROLS =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A stranger's text without anything that a terminal or a page would obey. */
export function toPlainText(text: string) {
  return text.replace(ESCAPES, '').replace(CONTROLS, '');
}
