// SPDX-License-Identifier: Apache-2.0

/* eslint-disable no-control-regex */

// Colours, clear-line and move codes, also those that lost their ESC on the way:
// these have a number, so that `[main]` stays.
const COLOURS = /\x1b\[[0-9;]*[mKG]|\[\d[0-9;]*[mKG]/g;

const MOVES = /\x1b\[[0-9;?]{0,20}[A-Za-z]/g;

// ECMA-48: CSI, OSC and the other strings, two-character sequences. A string
// ends at BEL or ST; one without an end is taken to the end of its line. Logs
// also hold colour codes that lost their ESC; PromQL's `[5m]` is none.
const ESCAPES =
  /\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b[\]PX^_][^\x07\x1b\r\n]{0,4096}(?:\x07|\x1b\\)?|\x1b[ -/]{0,4}[0-~]?|\x9b[0-?]{0,64}[ -/]{0,8}[@-~]|\[[0-9;]{1,32}[mK](?![\]:])/g;

/** A line as a person reads it: without colours. Each line of a log goes through it. */
export const withoutColours = (text: string): string =>
  text.includes('[') ? text.replace(COLOURS, '') : text;

/** Also without what moves the cursor: reporters that redraw their last line. */
export const withoutMoves = (text: string): string =>
  text.includes('\x1b') ? text.replace(MOVES, '') : text;

/** Without anything that a terminal would obey: nothing can hide in it. */
export const withoutEscapes = (text: string): string =>
  text.replace(ESCAPES, '');
