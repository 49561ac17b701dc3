// SPDX-License-Identifier: Apache-2.0
import { isWordLike, looksRandom } from './randomness';
import { View } from './View';

const JSON_CHARS: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
};

const HTML: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  plus: '+',
  equals: '=',
  colon: ':',
  commat: '@',
  lowbar: '_',
  period: '.',
};

function fromCode(digits: string, radix: number): string | undefined {
  const code = parseInt(digits, radix);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/**
 * Lines before and after one that is read otherwise: a name in it may stand for a
 * value below, and one above for a value in it.
 */
const AROUND = 60;

/** JSON's, JavaScript's, Python's and C's escapes. */
function unescaped(view: View): View | undefined {
  return view.replace(
    /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|([0-3][0-7]{2})|([nrtbf"'/\\]))/gi,
    ([, braced, four, eight, two, octal, char]) => {
      const hex = braced ?? four ?? eight ?? two;
      if (hex) {
        return fromCode(hex, 16);
      }
      return octal ? fromCode(octal, 8) : JSON_CHARS[char];
    },
    AROUND,
  );
}

/** RFC 3986, section 2.1. */
function percentDecoded(view: View): View | undefined {
  return view.replace(
    /(?:%[0-9a-f]{2}){1,4096}/gi,
    ([run]) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
    AROUND,
  );
}

function entitiesDecoded(view: View): View | undefined {
  return view.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi,
    ([, hex, decimal, name]) => {
      if (hex) {
        return fromCode(hex, 16);
      }
      return decimal ? fromCode(decimal, 10) : HTML[name.toLowerCase()];
    },
    AROUND,
  );
}

/** RFC 2045, section 6.7. */
function quotedPrintableDecoded(view: View): View | undefined {
  // `=` at a line's end is also what base64 ends with, and `COUNT=1264` no escape.
  if (!/=[0-9A-F]{2}(?!\d)/.test(view.text)) {
    return undefined;
  }
  return view.replace(
    /(?:=[0-9A-F]{2}){1,4096}|=\r?\n/g,
    ([run]) =>
      run.includes('\n')
        ? ''
        : Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'),
    AROUND,
  );
}

/** Bytes as xxd, Python and Go print them: `67 68 70`, `0x67, 0x68`, `67:68:70`. */
function bytesDecoded(view: View): View | undefined {
  return view.replace(
    /(?<![0-9a-f])(?:0x)?[0-9a-f]{2}(?:(?:, ?|[ :])(?:0x)?[0-9a-f]{2}){9,4096}(?![0-9a-f])/gi,
    ([run]) =>
      Buffer.from(
        run.replace(/0x/gi, '').replace(/[^0-9a-f]/gi, ''),
        'hex',
      ).toString('latin1'),
  );
}

/** A time as logs write it, before a line. */
export const TIME =
  '\\[?\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?\\]?';

// A line may begin with its job, step and time, or with a quote's mark.
/** What a log puts before a line. */
export const STAMP = `(?:[^\\t\\r\\n]{1,200}\\t[^\\t\\r\\n]{1,200}\\t)?(?:${TIME}[ \\t]?)?`;
const LINE_START = `${STAMP}[ \\t]{0,4}(?:[>|#*][ \\t])?[ \\t]{0,40}["']?`;

// A backslash at the end of a line, and what the next one begins with.
const CONTINUED = new RegExp(
  `[ \\t]{0,20}\\\\\\r?\\n${STAMP}(?:> )?[ \\t]{0,80}`,
  'g',
);

/** A command or a property that goes on in the next line, as one. */
function continued(view: View): View | undefined {
  return view.replace(CONTINUED, ({ 0: gap, index }) =>
    gap.startsWith('\\') && /[:=]/.test(view.text.charAt(index - 1)) ? '' : ' ',
  );
}

// A continued one ends with a backslash, or with a quote.
const BREAK = new RegExp(
  `[ \\t]{0,20}(?:\\\\|["'] ?\\+?)?[ \\t]{0,20}(?:\\r\\n|\\r|\\n)${LINE_START}`,
  'g',
);
const AT_LINE_START = new RegExp(`^${LINE_START}`);
/** {@link STAMP} at the beginning of a line. */
export const AT_STAMP = new RegExp(`^${STAMP}`);

/** How much of a line a log or a quote put before what was written. */
export function lineStartLength(line: string): number {
  return AT_LINE_START.exec(line)?.[0].length ?? 0;
}

// What says on one line that another holds a secret: the kind of a manifest, the
// type of a web key, the name before a block or a value of its own.
const NEIGHBOURS =
  /kind["']?:\s{0,3}["']?Secret\b|["']kty|(?:pass|pw|pwd|secret|token|key|cred|auth)[\w-]{0,20}["']?(?::[ \t]{0,4}(?:[|>][-+\d]{0,2})?[ \t]{0,4}(?:#[^\r\n]{0,200})?|,?)\r?\n/i;

/** How wide a line was when it was written. */
export function widthOf(line: string): number {
  return line.length - (AT_STAMP.exec(line)?.[0].length ?? 0);
}

/** As long as a line that was broken because of its length. */
export const WIDE = 60;

const TOKEN = /[A-Za-z0-9+/=_.~:@-]/;
const TAIL = /[^\s,;:)\]}>]$/;
const MIXED = /\d[A-Za-z]|[A-Za-z]\d|[a-z][A-Z]|^[A-Z]{3,}/;
const HEAD = /^[^\s"'`<>()[\]{},;|]{1,4096}/;

const BLOCK_HEAD = /: {0,4}[|>][-+\d]{0,2}\s{0,4}$/;
const KEY = /^[\w.-]{1,60}:(?:\s|$)/;

/** May what begins this line belong to a token of the line before? */
function continues(line: string, next: string): boolean {
  const head = HEAD.exec(next)?.[0] ?? '';
  const tail = /\S{0,200}$/.exec(line.trimEnd())?.[0] ?? '';
  if (/-----BEGIN[ A-Z0-9]{0,40}$/.test(line)) {
    return true;
  }
  // Neither a key of YAML does, nor the first line of its block.
  if (
    head === '' ||
    BLOCK_HEAD.test(line) ||
    (isWordLike(head) && KEY.test(next))
  ) {
    return false;
  }
  const wide = widthOf(line) >= WIDE;
  return (
    (wide && TOKEN.test(tail.slice(-1)) && TOKEN.test(head[0])) ||
    (wide && tail.includes('://')) ||
    looksRandom(tail.slice(-40), 8) ||
    (TAIL.test(tail) &&
      !isWordLike(head.split(/[/:=?&]/)[0]) &&
      (wide || looksRandom(head, 8) || MIXED.test(head)))
  );
}

/** The line that ends here, or the end of a long one. */
export function lineBefore(text: string, end: number): string {
  const near = text.slice(Math.max(0, end - 1000), end);
  return near.slice(
    Math.max(near.lastIndexOf('\n'), near.lastIndexOf('\r')) + 1,
  );
}

/** Lines that may be one, without what a log puts at the beginning of each. */
export function joined(view: View): View | undefined {
  const { text } = view;
  return view.replace(
    BREAK,
    match => {
      const end = match.index + match[0].length;
      const next = text.slice(end, end + 4096);
      return continues(lineBefore(text, match.index), next) ? '' : undefined;
    },
    NEIGHBOURS.test(text) ? Infinity : 0,
  );
}

/**
 * The same, where only lines as long as a broken one go on, and a shorter one that
 * goes on ends what was broken.
 */
export function joinedWide(view: View): View | undefined {
  const { text } = view;
  let before = { end: -1, width: 0 };
  return view.replace(BREAK, match => {
    const end = match.index + match[0].length;
    const line = lineBefore(text, match.index);
    const width = widthOf(line);
    const start = match.index - line.length;
    const isLast = before.end >= start && width < before.width;
    if (
      isLast ||
      width < WIDE ||
      !continues(line, text.slice(end, end + 4096))
    ) {
      return undefined;
    }
    before = { end, width };
    return '';
  });
}

/** All lines as one. */
export function unbroken(view: View): View | undefined {
  return view.replace(BREAK, () => '', Infinity);
}

/** The other ways in which a text can be read, where it can. */
export function readings(view: View): View[] {
  const { text } = view;
  return [
    text.includes('\\') && unescaped(view),
    text.includes('\\') && continued(view),
    text.includes('%') && percentDecoded(view),
    text.includes('&') && entitiesDecoded(view),
    text.includes('=') && quotedPrintableDecoded(view),
    bytesDecoded(view),
  ].filter((reading): reading is View => Boolean(reading));
}
