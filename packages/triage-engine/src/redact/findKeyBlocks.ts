// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector } from './detection';
import { isIdentifier, isWordLike, looksRandom } from './randomness';
import { lineStartLength } from './readings';

const BEGIN =
  /(?:-----BEGIN[ A-Z0-9_-]{0,60})?(?<!END[ A-Z0-9_-]{0,60})PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----|\bPrivate-Lines: {0,4}\d{1,3}/gi;
const END =
  /-----END[ A-Z0-9_-]{0,60}|---- END SSH2 ENCRYPTED PRIVATE KEY ----|\bPrivate-MAC: {0,4}[0-9a-f]{40,64}/gi;

/** An RSA key of 16 Ki bits, and the timestamps of its lines. */
const LONGEST = 64 * 1024;

// DER of RSA, PKCS#8 and EC keys and OpenSSH's magic, in base64.
const BODY =
  /(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{3,5}(?:IBAAK|ADANBgkq|AgEA)|MC4CAQAwBQYDK2V|MHcCAQEE|MIGHAgEAMBMG|MHQCAQEE|b3BlbnNzaC1rZXkt)[A-Za-z0-9+/=]{20,4096}/g;

/** A full line of PEM (RFC 7468), which is not hexadecimal. */
const FULL_LINE = /^(?=[^\s]{0,63}[g-zG-Z+/])(?=\D{0,63}\d)[A-Za-z0-9+/]{64}$/;
const FIRST_LINE = /(?<=[\s"'=>:])[A-Za-z0-9+/]{8,64}$/;
const LAST_LINE = /^[A-Za-z0-9+/]{1,63}={0,2}$/;
/** So many full lines below each other are no coincidence. */
const FEWEST = 3;
const BOUNDARY = /-----(?:BEGIN|END)([ A-Z0-9_-]{0,60})/g;

const HEADER_LINE = /(?:Proc-Type|DEK-Info|Version|Comment):|^\s{0,200}$/;

/** A line of base64, or several in one. */
function isBody(line: string): boolean {
  const body = line.slice(lineStartLength(line));
  return (
    /^[A-Za-z0-9+/=\s\\"',-]{1,1000}$/.test(body) &&
    body.split(/[^A-Za-z0-9+/=]+/).some(run => looksRandom(run, 16))
  );
}

/** The end of a key whose end line is missing: where lines stop being base64. */
function endOfBody(text: string, from: number, limit: number): number {
  let end = from;
  const escaped = /^(?:\\{0,4}[nr]|[A-Za-z0-9+/=]){1,65536}/.exec(
    text.slice(from, limit),
  );
  if (escaped) {
    end = from + escaped[0].length;
  }
  let line = text.indexOf('\n', end);
  while (line >= 0 && line < limit) {
    const next = text.indexOf('\n', line + 1);
    const stop = next < 0 ? text.length : next;
    const body = text.slice(line + 1, Math.min(stop, line + 1000));
    if (!isBody(body) && !HEADER_LINE.test(body)) {
      break;
    }
    end = stop;
    line = next;
  }
  return Math.min(end, limit);
}

/** The lines of base64 below a line that begins with a key. */
function findBodies(text: string): Detection[] {
  return [...text.matchAll(BODY)].map(match => {
    const start = match.index;
    const first = start + match[0].length;
    const end = endOfBody(text, first, start + LONGEST);
    const secret = text.slice(start, end);
    return { start, end, kind: 'private-key', secret, certain: true };
  });
}

/** Where lines of base64 that end here begin. */
function startOfBody(
  text: string,
  end: number,
  limit: number,
  closed: boolean,
): number {
  let start = end;
  let stop = text.lastIndexOf('\n', end - 1);
  while (stop > limit) {
    const before = text.lastIndexOf('\n', stop - 1);
    const from = Math.max(before + 1, stop - 1000);
    const line = text.slice(from, stop).trimEnd();
    const at = lineStartLength(line);
    const rest = line.slice(at);
    const short =
      LAST_LINE.test(rest) && ((closed && start === end) || !isWordLike(rest));
    if (isIdentifier(rest) || !(short || isBody(line))) {
      // The first may follow words, or be broken.
      const [run] = FIRST_LINE.exec(line) ?? [''];
      return looksRandom(run, 8) ? from + line.length - run.length : start;
    }
    start = from + at;
    stop = before;
  }
  return start;
}

/** Lines of a key whose head and end are both gone. */
function findLooseBodies(text: string): Detection[] {
  const found: Detection[] = [];
  const boundaries = [...text.matchAll(BOUNDARY)];
  let at = 0;
  let next = 0;
  let first = -1;
  let last = -1;
  let count = 0;
  // What a certificate, a signature or a public key wrote is no secret.
  const isPublic = () => {
    while (next < boundaries.length && boundaries[next].index < first) {
      next++;
    }
    const before = boundaries[next - 1];
    const after = boundaries[next];
    const opens = before?.[0].startsWith('-----BEGIN');
    const closes = after?.[0].startsWith('-----END');
    return [opens && before, closes && after].some(
      one => one && !/PRIVATE/.test(one[1]),
    );
  };
  const close = (end: number) => {
    if (count >= FEWEST && !isPublic()) {
      const start = startOfBody(
        text,
        first,
        Math.max(-1, first - 4 * 64),
        false,
      );
      found.push({
        start,
        end,
        kind: 'private-key',
        secret: text.slice(start, end),
        certain: false,
        guessed: true,
      });
    }
    count = 0;
  };
  while (at <= text.length) {
    const stop = text.indexOf('\n', at);
    const end = stop < 0 ? text.length : stop;
    const line = text.slice(at, Math.min(end, at + 700));
    const start = lineStartLength(line);
    const body = line.slice(start).trimEnd();
    if (FULL_LINE.test(body)) {
      first = count === 0 ? at + start : first;
      last = at + start + body.length;
      count++;
    } else if (count > 0) {
      close(
        LAST_LINE.test(body) && !isWordLike(body)
          ? at + start + body.length
          : last,
      );
    }
    at = end + 1;
  }
  close(last);
  return found;
}

/** Private keys, also with escaped line breaks, timestamps, or without an end. */
export const findKeyBlocks: Detector = (text, lower) => {
  const found = /mi|mc4c|mhcc|mhqc|b3bl/.test(lower) ? findBodies(text) : [];
  found.push(...findLooseBodies(text));
  if (!lower.includes('private')) {
    return found;
  }
  const ends = [...text.matchAll(END)].map(
    match => [match.index, match.index + match[0].length] as const,
  );
  const begins = [...text.matchAll(BEGIN)];
  for (const [index, end] of ends.entries()) {
    const limit = Math.max(ends[index - 1]?.[1] ?? -1, end[0] - LONGEST);
    const start = startOfBody(text, end[0], limit, true);
    if (start < end[0] && /PRIVATE/i.test(text.slice(end[0], end[1]))) {
      found.push({
        start,
        end: end[1],
        kind: 'private-key',
        secret: text.slice(start, end[1]),
        certain: true,
      });
    }
  }
  let at = 0;
  begins.forEach((begin, index) => {
    const start = begin.index;
    const limit = Math.min(
      begins[index + 1]?.index ?? text.length,
      start + LONGEST,
    );
    while (at < ends.length && ends[at][0] < start) {
      at++;
    }
    const close = ends[at];
    const end =
      close && close[0] < limit
        ? close[1]
        : endOfBody(text, start + begin[0].length, limit);
    const secret = text.slice(start, end);
    found.push({ start, end, kind: 'private-key', secret, certain: true });
  });
  return found;
};
