// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, lowerCase } from './detection';
import { findCommands } from './findCommands';
import { findEncoded } from './findEncoded';
import { findGitleaks } from './findGitleaks';
import { findHeaders } from './findHeaders';
import { findKeyBlocks } from './findKeyBlocks';
import { findKeyValues } from './findKeyValues';
import { findMasked } from './findMasked';
import { findTokens, tokenEnd } from './findTokens';
import { findUrlCredentials } from './findUrlCredentials';
import { findWebKeys } from './findWebKeys';
import { isIdentifier, looksRandom } from './randomness';
import {
  joined,
  joinedWide,
  lineBefore,
  lineStartLength,
  readings,
  unbroken,
  WIDE,
  widthOf,
} from './readings';
import { View } from './View';

// The most telling first: it names the placeholder.
const DETECTORS: Detector[] = [
  findKeyBlocks,
  findTokens,
  findGitleaks,
  findWebKeys,
  findHeaders,
  findUrlCredentials,
  findCommands,
  findKeyValues,
  findMasked,
];

/** Base64 of percent of JSON, and no deeper. */
const DEPTH = 2;

/** Throws when time is up. */
export type Watch = () => void;

interface Scan {
  known: Detector;
  watch: Watch;
}

function detect(text: string, { known, watch }: Scan): Detection[] {
  const lower = lowerCase(text);
  return [known, ...DETECTORS].flatMap(detector => {
    watch();
    return detector(text, lower);
  });
}

/** What was found in a view, where it is in the original. */
function place(view: View, found: Detection[]): Detection[] {
  return found.flatMap(detection => {
    const { start, end, secret, certain } = detection;
    if (end <= start) {
      return [];
    }
    const token = certain && !/\s/.test(secret);
    const whole = token ? tokenEnd(view.text, end) : end;
    // The word after it in the next line is no part of it.
    const to = view.isUnbroken(end - 1, whole) ? whole : end;
    const origin = view.origin(start, to);
    return origin ? [{ ...detection, start: origin[0], end: origin[1] }] : [];
  });
}

function scanView(view: View, depth: number, scan: Scan): Detection[] {
  const found = place(view, detect(view.text, scan));
  if (depth >= DEPTH) {
    return found;
  }
  for (const run of findEncoded(view.text)) {
    const inner = run.texts.flatMap(text =>
      scanView(View.of(text), depth + 1, scan),
    );
    const origin = inner.length > 0 && view.origin(run.start, run.end);
    if (origin) {
      const [start, end] = origin;
      found.push({ ...inner[0], start, end });
    }
  }
  return readings(view).reduce(
    (all, reading) => all.concat(scanView(reading, depth + 1, scan)),
    found,
  );
}

// Of terminals, of MIME and mail.
const WIDTHS = new Set([
  72, 76, 78, 79, 80, 100, 120, 128, 132, 160, 200, 240, 255, 256,
]);

/** A word of a sentence, a name, or what loggers begin a line with. */
const WRITTEN =
  /^\W{0,20}(?:[A-Z]?[a-z]{2,40}(?:[-_.][a-z]{1,40}|[A-Z][a-z]{2,40}){0,4}|[A-Z]{1,5}|WARNING|FAILED|FAILURE|SUCCESS|CRITICAL|PASSED)\W{0,20}$|^\W{1,40}$/;

/** What other programs than GitHub put before each line: a clock, a container, a step. */
const PREFIX =
  /^(?:\d\d:\d\d:\d\d|\[[\w/:. -]{1,60}\]|[\w./-]{1,60} {1,20}\||Step #\d{1,4}:) /;

/** An option, a variable, a file, an image by its digest: written, whatever is in it. */
function isNamed(word: string): boolean {
  return (
    /^##\[|^--?[a-z]{2,40}(?:[-=]|$)|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]{1,40}){1,8}=|\w\.(?:whl|gz|zip|jar|py|js|ts|json|ya?ml|log|txt)(?![\w.])/.test(
      word,
    ) || /^[^?&%]{0,200}[/:=@#](?:sha\d{3}:)?[0-9a-f]{32,}$/.test(word)
  );
}

/** The lines that a terminal or a tool broke are as long as it is wide. */
class Widths {
  readonly #widest: number;
  readonly #usual: boolean;

  constructor(text: string) {
    const all = text.split(/[\r\n]+/).map(widthOf);
    const widest = all.reduce((most, width) => Math.max(most, width), 0);
    this.#widest = widest;
    this.#usual =
      WIDTHS.has(widest) || all.filter(width => width === widest).length > 1;
  }

  /** Nothing is longer, and no chance made it as long as this. */
  isFull(width: number): boolean {
    return this.#usual && width === this.#widest && width >= WIDE;
  }
}

/**
 * A secret that goes on in the next line: one that is whole only with it, one
 * whose line is as long as a wrapped one, one whose rest looks like a secret's.
 */
function goesOn(
  text: string,
  detection: Detection,
  single: Detection[],
  widths: Widths,
) {
  const { start, end, certain, kind } = detection;
  const breaks = text.slice(start, end).search(/[\r\n]/);
  // What is known to be cut is no whole one.
  const alone = single.some(
    one => one.start <= start && one.end > start && one.kind !== 'cut-token',
  );
  // The lines of a key were found without joining them.
  if (breaks < 0 || (alone && kind === 'private-key')) {
    return false;
  }
  const lineEnd = start + breaks;
  const next = text.slice(lineEnd, end).replace(/^[\r\n]{1,2}/, '');
  const head = lineStartLength(next);
  const line = text.slice(end - next.length + head).slice(0, 300);
  const above = lineBefore(text, lineEnd);
  if (PREFIX.test(line) && PREFIX.test(above.slice(lineStartLength(above)))) {
    return false;
  }
  const named = isNamed(/^\S{0,200}/.exec(line)?.[0] ?? '');
  const rest = /^\S{0,200}/.exec(next.slice(head))?.[0] ?? '';
  const [word] = rest.split(/[/:=?&]/);
  // Too little to be of use, of what is taken out up to its line's end.
  const covered = single.some(
    one => one.start <= start && /^\W{0,3}$/.test(text.slice(one.end, lineEnd)),
  );
  const few =
    covered && (rest.length < 4 || (rest.length <= 8 && isIdentifier(rest)));
  const short = few || (covered && certain && rest.length < 10);
  const part = text.slice(start, lineEnd);
  const full = widths.isFull(widthOf(above));
  // A whole digest has no more to come.
  if (!full && !certain && part.length >= 32 && isIdentifier(part)) {
    return false;
  }
  return (
    (looksRandom(rest, 16) && !isIdentifier(rest) && !named) ||
    (certain && !alone) ||
    (full && !named && !short && !WRITTEN.test(word))
  );
}

/** Without the lines below one of another width, so not broken by it. */
function trimmed(text: string, detection: Detection): Detection {
  const { start, end, kind } = detection;
  const lines = [...text.slice(start, end).matchAll(/\r\n|\r|\n/g)].map(
    ({ index, 0: sign }) => [start + index, start + index + sign.length],
  );
  if (kind === 'private-key' || lines.length === 0) {
    return detection;
  }
  const first = widthOf(lineBefore(text, lines[0][0]));
  const last = lines.slice(1).find(([at, next]) => {
    const line = text.slice(next, next + 600);
    const rest =
      /^\S{0,200}/.exec(line.slice(lineStartLength(line)))?.[0] ?? '';
    return (
      widthOf(lineBefore(text, at)) !== first &&
      (!looksRandom(rest, 16) || isIdentifier(rest))
    );
  });
  return last ? { ...detection, end: last[0] } : detection;
}

/** Where a text holds secrets, in the order of the detectors. */
export function scanText(text: string, scan: Scan): Detection[] {
  const view = View.of(text);
  const single = scanView(view, 0, scan);
  const oneLine = unbroken(view);
  const whole = oneLine && joined(view);
  if (oneLine) {
    single.unshift(...place(oneLine, scan.known(oneLine.text, '')));
  }
  if (!whole) {
    return single;
  }
  const widths = new Widths(text);
  // A short line that is read on with the next hides the end of a token.
  const wide = joinedWide(view);
  const all = [whole, ...(wide ? [wide] : [])].flatMap(reading =>
    scanView(reading, DEPTH - 1, scan),
  );
  const over = all.filter(detection => goesOn(text, detection, single, widths));
  // `"old" -> "new"`: known to be one by a neighbour that was broken.
  const beside = all.filter(({ start }) =>
    over.some(({ end }) => start > end && start - end < 8),
  );
  return [
    ...over.map(detection => trimmed(text, detection)),
    ...beside,
    ...single,
  ];
}
