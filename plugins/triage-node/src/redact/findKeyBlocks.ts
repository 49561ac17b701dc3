import { Detection, Detector } from './detection';
import { looksRandom } from './randomness';
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

/** Private keys, also with escaped line breaks, timestamps, or without an end. */
export const findKeyBlocks: Detector = (text, lower) => {
  const found = /mi|mc4c|mhcc|mhqc|b3bl/.test(lower) ? findBodies(text) : [];
  if (!lower.includes('private')) {
    return found;
  }
  const ends = [...text.matchAll(END)].map(
    match => [match.index, match.index + match[0].length] as const,
  );
  const begins = [...text.matchAll(BEGIN)];
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
