// SPDX-License-Identifier: Apache-2.0
import type { StackFrame } from '../testing/StackFrame';

const JAVA =
  /^\s{0,12}(?:at )?[\w$.<>/@-]{1,400}\(([\w$-]{1,200}\.(?:java|kt|scala|groovy)):(\d{1,7})\)$/;

/** A frame of a JVM language. */
export function javaFrame(text: string): StackFrame | undefined {
  if (!text.endsWith(')')) {
    return undefined;
  }
  const match = JAVA.exec(text);
  return match ? { file: match[1], line: Number(match[2]) } : undefined;
}

/** Whether a frame is in the class of a test, or in one inside it. */
export function isInClass(frame: StackFrame, testName: string): boolean {
  const stem = frame.file.replace(/\.\w{1,10}$/, '');
  const at = testName.indexOf(stem);
  return at >= 0 && !/\w/.test(testName[at + stem.length] ?? '');
}
