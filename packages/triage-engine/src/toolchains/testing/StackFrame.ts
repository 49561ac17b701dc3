// SPDX-License-Identifier: Apache-2.0

/** A line of a stack trace. */
export interface StackFrame {
  file: string;
  line: number;
}
