// SPDX-License-Identifier: Apache-2.0

/** How a language prints an exception and its stack; a line is given without its end. */
export interface Exceptions {
  /** The exception itself. */
  head(text: string): { name: string; message: string } | undefined;
  /** One line of the stack. */
  frame(text: string): { path: string; function: string } | undefined;
}
