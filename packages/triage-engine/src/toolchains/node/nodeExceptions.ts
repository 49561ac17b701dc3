// SPDX-License-Identifier: Apache-2.0
import type { Exceptions } from '../Exceptions';

const FRAME =
  /^\s{1,20}at (?:(?:async )?([\w$.<>[\] ]{1,200}) \()?((?:file:|node:|\/|[\w.@-]{1,60}\/)[^\s():]{1,300}):\d{1,9}/;
const HEAD = /^(?:Uncaught )?([A-Z]\w{0,60}Error)(?: \[[A-Z_]{1,60}\])?: (.*)$/;

/** V8's `Error.stack`. */
export const nodeExceptions: Exceptions = {
  head(text) {
    const head = HEAD.exec(text);
    return head ? { name: head[1], message: head[2] ?? '' } : undefined;
  },
  frame(text) {
    const frame = FRAME.exec(text);
    return frame ? { path: frame[2], function: frame[1] ?? '' } : undefined;
  },
};
