// SPDX-License-Identifier: Apache-2.0
import type { Exceptions } from '../Exceptions';

const FRAME =
  /^\s{0,20}at ((?:[\w$<>]{1,100}\.){1,20}[\w$<>]{1,100}) ?\(([^()]{1,200})\)/;
const HEAD =
  /^(?:Exception in thread "[^"]{1,100}" |Caused by: )?((?:[a-z_]\w{0,60}\.){1,12}[A-Z][\w$]{0,100}(?:Error|Exception|Throwable))(?:: (.*))?$/;

/** The stack trace of a JVM. */
export const javaExceptions: Exceptions = {
  head(text) {
    const head = HEAD.exec(text);
    return head ? { name: head[1], message: head[2] ?? '' } : undefined;
  },
  frame(text) {
    const frame = FRAME.exec(text);
    return frame ? { path: frame[2], function: frame[1] } : undefined;
  },
};
