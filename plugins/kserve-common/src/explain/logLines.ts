// SPDX-License-Identifier: Apache-2.0
import { fieldsOf } from './fields';
import { clean } from './quote';

/** What is read of a log: its end, as that is where a process says why it ends. */
const LONGEST_LOG = 200_000;
const LONGEST_LINE = 4_000;

const JSON_FIELDS = [
  'error',
  'err',
  'exception',
  'exc_info',
  'stack',
  'message',
  'msg',
];

const EXCEPTION =
  /^(?:\S{0,200}\.)?[A-Z]\w{0,80}(?:Error|Exception|Exit|Interrupt|Failure|Timeout|NotFound)(?:: |$)/;
/** What even a line of the level INFO is taken for a trouble by. */
const RAISED = /(?:Error|Exception)\b/;

const splitLines = (text: string) => text.split('\n');

/** A line of JSON as the texts that it holds, otherwise the line. */
function readLine(line: string): string[] {
  const start = line.indexOf('{"');
  if (start >= 0 && line.trimEnd().endsWith('}')) {
    try {
      const fields = fieldsOf(JSON.parse(line.slice(start)));
      const level = String(fields.level ?? fields.severity ?? '').toLowerCase();
      // Rust's tracing has what it says in `fields`.
      const inner = fieldsOf(fields.fields);
      const texts = JSON_FIELDS.map(
        field => fields[field] ?? inner[field],
      ).filter(
        (text): text is string => typeof text === 'string' && text !== '',
      );
      if (['debug', 'trace', 'info'].includes(level)) {
        return texts.filter(text => RAISED.test(text)).flatMap(splitLines);
      }
      if (texts.length) {
        return [...(start ? [line.slice(0, start)] : []), ...texts].flatMap(
          splitLines,
        );
      }
    } catch {
      // Not JSON after all: taken as text.
    }
  }
  return [line];
}

/** The lines of a log, those in JSON read; each no longer than what is searched. */
export function readLog(log: string): string[] {
  return log
    .slice(-LONGEST_LOG)
    .split('\n')
    .flatMap(readLine)
    .map(line => line.slice(0, LONGEST_LINE));
}

/** Where a line names its level. */
const HEAD = 90;

/**
 * Whether a line only tells what goes on: servers try much that is not there
 * ("No module named 'libtpu'") and say so below the level of a warning.
 */
function isQuiet(line: string): boolean {
  const head = line.slice(0, HEAD);
  if (head.includes('DEBUG')) {
    return true;
  }
  const info =
    /^(?:INFO\b|I\d{4} |\[I )/.test(head) ||
    [' INFO', '[INFO', ': I tensorflow'].some(level => head.includes(level));
  // TorchServe writes what its workers print, exceptions too, at the level INFO.
  return info && !RAISED.test(line);
}

const isFrame = (line: string) => bare(line).startsWith('File "');

/**
 * What a log says of trouble: without the lines that only tell what goes on, and
 * without the frames of Python's tracebacks, whose code quotes what it may raise.
 */
export function findLoudLines(lines: readonly string[]): string[] {
  return lines.filter(
    (line, index) =>
      !isQuiet(line) &&
      !isFrame(line) &&
      !(index > 0 && isFrame(lines[index - 1]) && !EXCEPTION.test(bare(line))),
  );
}

const CHAINED = [
  'The above exception was the direct cause of the following exception:',
  'During handling of the above exception, another exception occurred:',
];

/** `line` without what a logger or a supervisor puts before it. */
function bare(line: string): string {
  const text = line.trim();
  // vLLM and others write `(EngineCore pid=1) ERROR 01-02 03:04:05 [core.py:12] ValueError: …`.
  const bracket = text.lastIndexOf('] ', 120);
  return bracket > 0 ? text.slice(bracket + 2).trim() : text;
}

const ERROR_WORDS = [
  'fatal',
  'panic:',
  'critical',
  'error:',
  'error ',
  '[error]',
  'level=error',
  'exception',
  'failed',
];
const ECHOES = [
  'engine core initialization failed',
  'see root cause above',
  'application startup failed',
  'systemexit',
  'keyboardinterrupt',
  'engine process failed',
  'childfailederror',
  'worker died',
  'shutting down',
  'shardcannotstart',
  'failed to boot',
];

/**
 * The line that tells why, where no known words stand: the root of the last
 * chain of exceptions of Python or Java, a panic of Go, or the last line that
 * speaks of an error. undefined where no line does.
 */
export function findDecisiveLine(
  written: readonly string[],
): string | undefined {
  // Colours of a terminal stand between words and what they mean.
  const lines = written.map(line => clean(line, LONGEST_LINE));
  const isEcho = (line: string) =>
    ECHOES.some(echo => line.toLowerCase().includes(echo));
  const last = (test: (line: string) => boolean, from = lines.length - 1) => {
    for (let index = from; index >= 0; index--) {
      if (test(lines[index]) && !isEcho(lines[index])) {
        return index;
      }
    }
    return -1;
  };
  const causedBy = last(line => line.trim().startsWith('Caused by: '));
  if (causedBy >= 0) {
    return written[causedBy];
  }
  const isException = (line: string) => EXCEPTION.test(bare(line));
  let found = last(isException);
  // The first of a chain is the root: what follows was raised because of it.
  while (found >= 0) {
    const chain = last(line => CHAINED.includes(bare(line)), found);
    const earlier = chain >= 0 ? last(isException, chain) : -1;
    const between = lines.slice(chain + 1, found).some(isException);
    if (earlier < 0 || between) {
      break;
    }
    found = earlier;
  }
  if (found >= 0) {
    return written[found];
  }
  const panic = last(line => /^(?:panic|fatal error): |^F\d{4} /.test(line));
  if (panic >= 0) {
    return written[panic];
  }
  const spoken = last(line => {
    const lower = line.toLowerCase();
    return (
      /^[EF]\d{4} |^\[[EF] /.test(line) ||
      ERROR_WORDS.some(word => lower.includes(word))
    );
  });
  return spoken >= 0 ? written[spoken] : undefined;
}
