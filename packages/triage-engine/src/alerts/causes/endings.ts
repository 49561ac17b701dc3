// SPDX-License-Identifier: Apache-2.0
import type { ContainerLog, TimedLine } from '../read/readLogs';

/** What follows from a cause and is none. */
export const SYMPTOM =
  /time[d ]?out|deadline exceeded|WORKER TIMEOUT|\b50[0234]\b|SIGTERM|signal 15|[Ss]hutting down|readiness probe|liveness probe|context canceled|[Bb]roken pipe|reset by peer|Connection(?:Error| refused| aborted)|Back-?off|Traceback|Process exited|exited with code|pid \d{1,8} died|Exception in ASGI|Internal Server Error|retry/i;

/** `ValueError: …`, `java.lang.IllegalStateException: …` */
export const EXCEPTION =
  /(?:^|[\s"'|])(?:(?:[a-z]\w{0,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception|Fault|Failure)|(?:[a-z]\w{0,40}\.){1,6}[A-Z][a-z]\w{1,60}): ?\S|\bpanic: \S|\bpanicked at\b|\bFATAL\b|\bfatal error: \S/;

/** Says that an exception follows, or came before. */
export const AROUND_EXCEPTION =
  /exception was the direct cause|During handling of the above exception|Traceback \(most recent|Exception in ASGI application|^Exception on \/|The handle_request method/;

/** Ways in which programs say, at their end, why they end; the surest first. */
const ENDINGS: Array<[weight: number, pattern: RegExp]> = [
  [6, /^\s{0,8}Caused by: \S/],
  [6, EXCEPTION],
  [
    6,
    /\berror: (?:unrecognized|unknown|invalid|ambiguous|argument|the following|unexpected|no such)|[Uu]nknown (?:flag|option|command|argument|shorthand)|flag provided but not defined|[Uu]nrecognized (?:option|argument|command)|unexpected argument|bad option|option \S{1,60} requires/,
  ],
  [
    6,
    /[Ss]ignal \(?(?:4|6|7|8|11)\)?(?!\d)|SIG(?:ILL|ABRT|BUS|FPE|SEGV)\b|[Ss]egmentation fault|[Ii]llegal instruction|\bBus error|core dumped|terminate called|free\(\): |double free|malloc\(\): |stack smashing|Assertion [^\n]{1,200} failed|Check failed:|undefined symbol|symbol lookup error|cannot open shared object/,
  ],
  [
    6,
    /level"?[=:] ?"?(?:fatal|panic|critical)\b|\b(?:CRITICAL|EMERG|PANIC)\b|^F\d{4} /i,
  ],
  [5.5, /^\s{0,4}(?:Fatal )?[Ee](?:rror|RROR)\b[^\n]{0,40}?: \S/],
  [5, /\[(?:error|E)\]|\bERROR\b|level"?[=:] ?"?error\b|\[E:/i],
];
/** Says that something else failed. */
const WRAPPER =
  /failed to start|See (?:stack trace|above|the log)|root cause|[Ee]xit(?:ed|ing)? (?:with|code)|CannotStart|startup failed|some of the models|Shutting|raise \w|\bDownloadError$|worker (?:failed|died|exited)|ChildFailedError|SystemExit/i;
const TAIL = 60;

/** The line that says why a program ended. */
export interface LastWords {
  line: TimedLine;
  /** What the line leaves to the next one, or the error before it. */
  also?: TimedLine;
  weight: number;
}

const FRAME = /^\s{2,}|^note: |^stack backtrace|^goroutine |^\s*$|^\s*at /;
const LEAVES_MORE = /panicked at [^\n]{1,300}:$|terminate called|Error:?$/;
const OF_SIGNAL = /[Ss]ignal|SIG[A-Z]{3}|core dumped|[Ss]egmentation/;

function alsoOf(
  lines: TimedLine[],
  at: number,
  errors: Array<{ line: TimedLine }>,
) {
  const { text, number } = lines[at];
  const next = lines[at + 1];
  if (LEAVES_MORE.test(text) && next && !/^note: /.test(next.text)) {
    return next;
  }
  return OF_SIGNAL.test(text)
    ? errors.filter(({ line }) => line.number < number).at(-1)?.line
    : undefined;
}

/** What a program said last of why it ends. */
export function lastWordsOf({ lines }: ContainerLog): LastWords | undefined {
  const from = Math.max(0, lines.length - TAIL);
  const found = lines.slice(from).flatMap((line, index) => {
    const { text } = line;
    const [base] = ENDINGS.find(([, pattern]) => pattern.test(text)) ?? [];
    if (base === undefined || /^\s{2,}at |Traceback \(most/.test(text)) {
      return [];
    }
    const weight =
      base -
      (SYMPTOM.test(text) ? 1.5 : 0) -
      (WRAPPER.test(text) ? 2 : 0) -
      (text.trim().length < 20 ? 0.5 : 0) +
      (/^\s{0,8}Caused by: /.test(text) ? 0.5 : 0) -
      (index + from < lines.length - TAIL / 2 ? 0.6 : 0);
    return [{ line, weight, at: from + index }];
  });
  const [best] = [...found].sort(
    (a, b) =>
      b.weight - a.weight ||
      // Of a chain the first tells the cause; in Java the last.
      (/Caused by: /.test(a.line.text) ? b.at - a.at : a.at - b.at),
  );
  return (
    best && {
      line: best.line,
      weight: best.weight,
      also: alsoOf(lines, best.at, found),
    }
  );
}

const STOPPING =
  /[Ss]hutting down|sigterm|SIGTERM|[Ss]hutdown|Waiting for application shutdown|[Ff]inished server process/;

/** Why a program ended itself without an error: the line before it shuts down. */
export function reasonToStop({ lines }: ContainerLog): TimedLine | undefined {
  const tail = lines.slice(-25);
  const stop = tail.findIndex(({ text }) => STOPPING.test(text));
  const before = (stop < 0 ? tail : tail.slice(0, stop)).filter(
    ({ text }) => !FRAME.test(text) && !/signal/i.test(text),
  );
  const last = before.at(-1);
  return last &&
    /WARN|ERROR|exceed|[Ll]imit|[Tt]erminat|[Ee]xit|[Ee]xpired|max_|maximum|restart/.test(
      last.text,
    )
    ? last
    : undefined;
}
