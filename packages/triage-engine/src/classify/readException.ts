// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../logs/types';
import type { Exceptions } from '../toolchains/Exceptions';
import { goExceptions } from '../toolchains/go/goExceptions';
import { javaExceptions } from '../toolchains/jvm/javaExceptions';
import { nodeExceptions } from '../toolchains/node/nodeExceptions';
import { pythonExceptions } from '../toolchains/python/pythonExceptions';

/** An exception that a program ended with. */
export interface ReadException {
  language: 'python' | 'java' | 'javascript' | 'go';
  /** `pandas.errors.ParserError`, `java.lang.OutOfMemoryError`, `panic`. */
  name: string;
  message: string;
  line: LogLine;
  /** From the outermost to the innermost, as far as they were kept. */
  frames: ReadFrame[];
}

/** One line of a stack. */
export interface ReadFrame {
  path: string;
  /** `train`, `com.example.Foo.bar`. */
  function: string;
  line: LogLine;
}

const MAX_TEXT = 1000;
const MAX_FRAMES = 200;

const OTHERS: Array<[ReadException['language'], Exceptions]> = [
  ['java', javaExceptions],
  ['javascript', nodeExceptions],
  ['go', goExceptions],
];

interface Reading {
  frames: ReadFrame[];
  found?: ReadException;
}

function readPython(state: Reading, line: LogLine, text: string): boolean {
  const frame = pythonExceptions.frame(text);
  if (frame) {
    state.frames.push({ ...frame, line });
    return true;
  }
  const head = pythonExceptions.head(text);
  // Without a frame it is talk of an exception, not one.
  if (head && state.frames.length > 0) {
    state.found = { language: 'python', ...head, line, frames: state.frames };
    state.frames = [];
    return true;
  }
  return false;
}

function readOther(state: Reading, line: LogLine, text: string): void {
  for (const [language, exceptions] of OTHERS) {
    const head = exceptions.head(text);
    if (head) {
      state.found = { language, ...head, line, frames: [] };
      state.frames = [];
      return;
    }
  }
  const { found } = state;
  if (
    !found ||
    found.language === 'python' ||
    found.frames.length >= MAX_FRAMES
  ) {
    return;
  }
  const frame =
    javaExceptions.frame(text) ??
    nodeExceptions.frame(text) ??
    (found.language === 'go' ? goExceptions.frame(text) : undefined);
  if (frame) {
    found.frames.unshift({ ...frame, line });
  }
}

/**
 * The last exception among the lines with a stack of Python, Java, JavaScript or
 * Go, as those languages print it.
 */
export function readException(lines: LogLine[]): ReadException | undefined {
  const state: Reading = { frames: [] };
  for (const line of lines) {
    const text = line.text.slice(0, MAX_TEXT).trimEnd();
    if (text.startsWith('Traceback (most recent call last)')) {
      state.frames = [];
    } else if (!readPython(state, line, text)) {
      readOther(state, line, text);
    }
    if (state.frames.length > MAX_FRAMES) {
      state.frames.splice(0, MAX_FRAMES / 2);
    }
  }
  return state.found;
}
