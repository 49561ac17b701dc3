/** A line says all it has to say in so many characters. */
const MAX_CHARACTERS = 1000;

/**
 * Of the lines that tell of a failure nearly each has one of these in it, in
 * small or capital letters; `_` is a space. Four letters each, eight in a row,
 * as 32-bit words want it. Lines without any are not looked at closer, which is
 * what makes scanning fast.
 */
const FAILURE_WORDS = [
  ['erro', 'fail', 'exce', 'fata', 'pani', 'kill', 'cann', 'unab'],
  ['unde', 'deni', 'inva', 'abor', 'asse', 'segm', 'exit', 'refu'],
  ['expe', 'trac', 'warn', 'miss', 'time', 'not_', 'no_s', 'unre'],
  ['issu', 'seve', 'vuln', 'leak', 'crit', 'refo', 'koff', 'cras'],
];

/** Bit 4n + m is set for a character that is letter m of word n. */
function letterPlaces(words: string[]): Int32Array {
  const places = new Int32Array(128);
  words
    .join('')
    .replaceAll('_', ' ')
    .split('')
    .forEach((letter, bit) => {
      for (const form of new Set([letter, letter.toUpperCase()])) {
        places[form.charCodeAt(0)] |= 1 << bit;
      }
    });
  return places;
}

const FIRST_LETTERS = 0x11111111;
const LAST_LETTERS = 0x88888888 | 0;

const LETTERS = Uint8Array.from({ length: 128 }, (_, code) =>
  /[a-z]/i.test(String.fromCharCode(code)) ? 1 : 0,
);

const [WORDS_A, WORDS_B, WORDS_C, WORDS_D] = FAILURE_WORDS.map(letterPlaces);

const SPACE = 32;
const COLON = 58;
const DOT = 46;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const NUMBER = 0x5bd1e995 | 0;
const ZERO = 0x3c6ef372 | 0;

/**
 * Reads a line once for what both novelty and the search for failures need.
 *
 * @remarks
 * The hash (FNV-1a over words) is of the line's template: words with a digit in
 * them (numbers, versions, hashes, temporary paths, dates) are all alike, only
 * a bare 0 is not, so that `Failures: 0` and `Failures: 2` differ; so are runs
 * of white space. Words are found by the Shift-And method.
 */
export class LineScanner {
  /** Of the template, 32 bits. */
  hash = 0;
  /**
   * Whether a word of a failure is in it, or a character that is not ASCII, or
   * a place as in `main.py:12`.
   */
  suspicious = false;

  scan(text: string): void {
    const end = Math.min(text.length, MAX_CHARACTERS);
    let hash = FNV_OFFSET;
    let word = FNV_OFFSET;
    let inWord = false;
    let digits = false;
    let zero = false;
    let suspicious = 0;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let colon = false;
    for (let i = 0; i <= end; i++) {
      const code = i < end ? text.charCodeAt(i) : SPACE;
      const ascii = code & 127;
      a = ((a << 1) | FIRST_LETTERS) & WORDS_A[ascii];
      b = ((b << 1) | FIRST_LETTERS) & WORDS_B[ascii];
      c = ((c << 1) | FIRST_LETTERS) & WORDS_C[ascii];
      d = ((d << 1) | FIRST_LETTERS) & WORDS_D[ascii];
      suspicious |= (a | b | c | d) & LAST_LETTERS;
      if (code >= DIGIT_0 && code <= DIGIT_9) {
        zero = code === DIGIT_0 && !inWord;
        suspicious |= colon ? 1 : 0;
        colon = false;
        digits = true;
        inWord = true;
      } else if (code > 127 || LETTERS[ascii] === 1) {
        suspicious |= code & ~127;
        colon = false;
        word = Math.imul(word ^ code, FNV_PRIME);
        zero = false;
        inWord = true;
      } else if (code !== DOT || !digits) {
        colon = code === COLON && inWord && !digits;
        if (inWord) {
          const number = zero ? ZERO : NUMBER;
          hash = Math.imul(hash ^ (digits ? number : word), FNV_PRIME);
          word = FNV_OFFSET;
          inWord = false;
          digits = false;
        }
        if (code > SPACE) {
          hash = Math.imul(hash ^ code, FNV_PRIME);
        }
      }
    }
    this.hash = hash;
    this.suspicious = suspicious !== 0;
  }
}
