// SPDX-License-Identifier: Apache-2.0
const LIBRARY =
  /node_modules|site-packages|dist-packages|\/lib\/python\d|^node:|^internal\/|\/_pytest\//;

/** Whether a path is of what the project uses, not of the project. */
export function isLibrary(path: string): boolean {
  return LIBRARY.test(path);
}
