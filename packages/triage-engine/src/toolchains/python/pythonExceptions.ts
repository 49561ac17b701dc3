// SPDX-License-Identifier: Apache-2.0
import type { Exceptions } from '../Exceptions';

const FRAME = /^ {0,40}File "([^"]{1,400})", line \d{1,9}(?:, in (.{1,200}))?$/;
const HEAD =
  /^((?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z_]\w{0,60}(?:Error|Exception|Interrupt|Exit|Warning|Failed|Invalid|Killed|NotFound|Timeout|Refused|Errors|Unavailable))(?:: (.*))?$/;

/** Python's traceback. */
export const pythonExceptions: Exceptions = {
  head(text) {
    const head = HEAD.exec(text);
    return head ? { name: head[1], message: head[2] ?? '' } : undefined;
  },
  frame(text) {
    const frame = FRAME.exec(text);
    return frame ? { path: frame[1], function: frame[2] ?? '' } : undefined;
  },
};
