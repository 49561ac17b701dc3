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
import { isWordLike, looksRandom } from './randomness';
import {
  joined,
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
    const to = token ? tokenEnd(view.text, end) : end;
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
      const { kind, secret } = inner[0];
      found.push({ start, end, kind, secret, certain: true });
    }
  }
  return readings(view).reduce(
    (all, reading) => all.concat(scanView(reading, depth + 1, scan)),
    found,
  );
}

// Of terminals, of PEM, MIME and mail.
const WIDTHS = new Set([
  64, 72, 76, 78, 79, 80, 100, 120, 128, 132, 160, 200, 240, 255, 256,
]);

function widestLine(text: string): number {
  return text
    .split(/[\r\n]+/)
    .reduce((most, line) => Math.max(most, widthOf(line)), 0);
}

/**
 * A secret that goes on in the next line: one that is whole only with it, one
 * whose line is as long as a wrapped one, one whose rest looks like a secret's.
 */
function goesOn(
  text: string,
  detection: Detection,
  single: Detection[],
  widest: number,
) {
  const { start, end, certain, kind } = detection;
  const breaks = text.slice(start, end).search(/[\r\n]/);
  const alone = single.some(one => one.start <= start && one.end > start);
  // The lines of a key were found without joining them.
  if (breaks < 0 || (alone && kind === 'private-key')) {
    return false;
  }
  const lineEnd = start + breaks;
  const next = text.slice(lineEnd, end).replace(/^[\r\n]{1,2}/, '');
  const rest = /^\S{0,200}/.exec(next.slice(lineStartLength(next)))?.[0] ?? '';
  const width = widthOf(lineBefore(text, lineEnd));
  return (
    looksRandom(rest, 8) ||
    (certain && !alone) ||
    (width >= WIDE && !isWordLike(rest.split(/[/:=?&]/)[0])) ||
    // No line is longer where all were broken at one width.
    (WIDTHS.has(width) &&
      width === widest &&
      looksRandom(text.slice(start, lineEnd), 8))
  );
}

/** Without a word that begins the line after the last, shorter one. */
function trimmed(text: string, detection: Detection): Detection {
  const { start } = detection;
  const whole = text.slice(start, detection.end);
  const last = /[^\r\n]*$/.exec(whole)?.[0] ?? '';
  const lines = whole.slice(0, whole.length - last.length).trimEnd();
  const first = widthOf(lineBefore(text, start + whole.search(/[\r\n]/)));
  const shorter = widthOf(lineBefore(text, start + lines.length)) < first;
  return shorter && isWordLike(last.slice(lineStartLength(last)))
    ? { ...detection, end: start + lines.length }
    : detection;
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
  const widest = widestLine(text);
  const over = scanView(whole, DEPTH - 1, scan)
    .filter(detection => goesOn(text, detection, single, widest))
    .map(detection => trimmed(text, detection));
  return [...over, ...single];
}
