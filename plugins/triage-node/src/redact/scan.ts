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
  WIDE,
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

function scanView(view: View, depth: number, scan: Scan): Detection[] {
  const found = detect(view.text, scan).flatMap(detection => {
    if (detection.end <= detection.start) {
      return [];
    }
    const cut = detection.certain && !/\s/.test(detection.secret);
    const to = cut ? tokenEnd(view.text, detection.end) : detection.end;
    const origin = view.origin(detection.start, to);
    return origin ? [{ ...detection, start: origin[0], end: origin[1] }] : [];
  });
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

function longestLine(text: string): number {
  return text
    .split(/[\r\n]+/)
    .reduce((most, line) => Math.max(most, line.length), 0);
}

/**
 * A secret that goes on in the next line: one that is whole only with it, one
 * whose line is as long as a wrapped one, one whose rest looks like a secret's.
 */
function goesOn(text: string, detection: Detection, single: Detection[]) {
  const { start, end } = detection;
  const breaks = text.slice(start, end).search(/[\r\n]/);
  if (breaks < 0) {
    return false;
  }
  const lineEnd = start + breaks;
  const next = text.slice(lineEnd, end).replace(/^[\r\n]{1,2}/, '');
  const rest = /^\S{0,200}/.exec(next.slice(lineStartLength(next)))?.[0] ?? '';
  if (looksRandom(rest, 8)) {
    return true;
  }
  const { length } = lineBefore(text, lineEnd);
  const alone = single.some(one => one.start <= start && one.end > start);
  return (
    (!alone && detection.certain) ||
    (length >= WIDE && !isWordLike(rest.split(/[/:=?&]/)[0])) ||
    // No line is longer where all were broken at one length.
    (length >= WIDE &&
      looksRandom(text.slice(start, lineEnd), 8) &&
      length >= longestLine(text))
  );
}

/** Where a text holds secrets, in the order of the detectors. */
export function scanText(text: string, scan: Scan): Detection[] {
  const view = View.of(text);
  const single = scanView(view, 0, scan);
  const whole = joined(view);
  if (!whole) {
    return single;
  }
  const over = scanView(whole, DEPTH - 1, scan).filter(detection =>
    goesOn(text, detection, single),
  );
  return [...over, ...single];
}
