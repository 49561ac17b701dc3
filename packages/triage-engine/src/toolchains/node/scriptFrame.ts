// SPDX-License-Identifier: Apache-2.0
import { isLibrary } from '../testing/isLibrary';
import type { StackFrame } from '../testing/StackFrame';

const SCRIPT =
  /^\s{0,12}(?:at|❯) (?:.{0,300}[ (])?(?:file:\/\/)?([^\s()]{1,400}):(\d{1,7}):\d{1,7}\)?$/;

/** A frame of JavaScript or TypeScript in the project's own code. */
export function scriptFrame(text: string): StackFrame | undefined {
  const match = SCRIPT.exec(text);
  if (!match || isLibrary(match[1])) {
    return undefined;
  }
  return { file: match[1], line: Number(match[2]) };
}
