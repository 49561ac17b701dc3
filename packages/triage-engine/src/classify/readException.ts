import type { LogLine } from '../logs/types';

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

const PYTHON_FRAME =
  /^ {0,40}File "([^"]{1,400})", line \d{1,9}(?:, in (.{1,200}))?$/;
const PYTHON_HEAD =
  /^((?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z_]\w{0,60}(?:Error|Exception|Interrupt|Exit|Warning|Failed|Invalid|Killed|NotFound|Timeout|Refused|Errors|Unavailable))(?:: (.*))?$/;
const JAVA_FRAME =
  /^\s{0,20}at ((?:[\w$<>]{1,100}\.){1,20}[\w$<>]{1,100}) ?\(([^()]{1,200})\)/;
const JAVA_HEAD =
  /^(?:Exception in thread "[^"]{1,100}" |Caused by: )?((?:[a-z_]\w{0,60}\.){1,12}[A-Z][\w$]{0,100}(?:Error|Exception|Throwable))(?:: (.*))?$/;
const JS_FRAME =
  /^\s{1,20}at (?:(?:async )?([\w$.<>[\] ]{1,200}) \()?((?:file:|node:|\/|[\w.@-]{1,60}\/)[^\s():]{1,300}):\d{1,9}/;
const JS_HEAD =
  /^(?:Uncaught )?([A-Z]\w{0,60}Error)(?: \[[A-Z_]{1,60}\])?: (.*)$/;
const GO_PANIC = /^(panic|fatal error): (.*)$/;
const GO_FRAME = /^([\w./-]{1,300}\.(?:\(\*?\w{1,100}\)\.)?\w{1,100})\(/;

interface Reading {
  frames: ReadFrame[];
  found?: ReadException;
}

function readPython(state: Reading, line: LogLine, text: string): boolean {
  const frame = PYTHON_FRAME.exec(text);
  if (frame) {
    state.frames.push({ path: frame[1], function: frame[2] ?? '', line });
    return true;
  }
  const head = PYTHON_HEAD.exec(text);
  // Without a frame it is talk of an exception, not one.
  if (head && state.frames.length > 0) {
    state.found = {
      language: 'python',
      name: head[1],
      message: head[2] ?? '',
      line,
      frames: state.frames,
    };
    state.frames = [];
    return true;
  }
  return false;
}

function readOther(state: Reading, line: LogLine, text: string): void {
  const java = JAVA_HEAD.exec(text);
  const js = java ? null : JS_HEAD.exec(text);
  const go = java || js ? null : GO_PANIC.exec(text);
  const head = java ?? js ?? go;
  if (head) {
    let language: ReadException['language'] = 'go';
    if (java) {
      language = 'java';
    } else if (js) {
      language = 'javascript';
    }
    state.found = {
      language,
      name: head[1],
      message: head[2] ?? '',
      line,
      frames: [],
    };
    state.frames = [];
    return;
  }
  const { found } = state;
  if (
    !found ||
    found.language === 'python' ||
    found.frames.length >= MAX_FRAMES
  ) {
    return;
  }
  const javaFrame = JAVA_FRAME.exec(text);
  const jsFrame = javaFrame ? null : JS_FRAME.exec(text);
  const goFrame = found.language === 'go' ? GO_FRAME.exec(text) : null;
  if (javaFrame) {
    const [, name, path] = javaFrame;
    found.frames.unshift({ path, function: name, line });
  } else if (jsFrame) {
    const [, name, path] = jsFrame;
    found.frames.unshift({ path, function: name ?? '', line });
  } else if (goFrame) {
    found.frames.unshift({ path: '', function: goFrame[1], line });
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
