// SPDX-License-Identifier: Apache-2.0
import type { Exceptions } from '../Exceptions';

const HEAD = /^(panic|fatal error): (.*)$/;
const FRAME = /^([\w./-]{1,300}\.(?:\(\*?\w{1,100}\)\.)?\w{1,100})\(/;

/** Go's panic. */
export const goExceptions: Exceptions = {
  head(text) {
    const head = HEAD.exec(text);
    return head ? { name: head[1], message: head[2] ?? '' } : undefined;
  },
  frame(text) {
    const frame = FRAME.exec(text);
    return frame ? { path: '', function: frame[1] } : undefined;
  },
};
