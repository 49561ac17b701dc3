// SPDX-License-Identifier: Apache-2.0

/** A global is looked up anew each time, in Jest slowly. */
const { imul } = Math;

/** A line says all it has to say in so many characters. */
const MAX_CHARACTERS = 1000;

/**
 * Of the lines that tell of a failure nearly each has one of these in it, in
 * small or capital letters; `_` is a space, or in front the start of the line.
 * The last character is a letter. Lines without any are not looked at closer,
 * which is what makes scanning fast.
 */
const FAILURE_WORDS = (
  'erro fail exce fata pani kill cann unab unde deni inva abor asse segm exit ' +
  'refu expe trac warn miss time _not no_s unre issu seve vuln leak crit refo ' +
  "koff cras juni requ sn't dn't an't no_p no_m ille"
)
  .split(' ')
  .map(word => Buffer.from(word.replace('_', ' ')).readInt32BE());

const TABLE_BITS = 10;
const WORD_HASH = collisionFreeFactor(FAILURE_WORDS);
const WORD_TABLE = new Int32Array(2 ** TABLE_BITS);
FAILURE_WORDS.forEach(word => {
  WORD_TABLE[wordSlot(word, WORD_HASH)] = word;
});

function wordSlot(word: number, factor: number): number {
  return imul(word, factor) >>> (32 - TABLE_BITS);
}

function collisionFreeFactor(words: number[]): number {
  let factor = 0x9e3779b1;
  while (collide(words, factor)) {
    factor += 2;
  }
  return factor;
}

function collide(words: number[], factor: number): boolean {
  const slots = new Set(words.map(word => wordSlot(word, factor)));
  return slots.size < words.length;
}

const SPACE = 32;
const COLON = 58;
const DOT = 46;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LETTER_A = 97;
const LETTER_Z = 122;
/** The bit that small letters have and capital ones have not. */
const CAPITAL = 32;

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
 * of white space. The last
 * four characters are one number, looked up in a table without collisions.
 */
export class TemplateScanner {
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
    let suspicious = false;
    let lastFour = SPACE;
    let colon = false;
    for (let i = 0; i <= end; i++) {
      const code = i < end ? text.charCodeAt(i) : SPACE;
      const lower = code | CAPITAL;
      lastFour = (lastFour << 8) | lower;
      if ((lower >= LETTER_A && lower <= LETTER_Z) || code > 127) {
        suspicious ||=
          code > 127 || WORD_TABLE[wordSlot(lastFour, WORD_HASH)] === lastFour;
        word = imul(word ^ code, FNV_PRIME);
        zero = false;
        inWord = true;
        colon = false;
      } else if (code >= DIGIT_0 && code <= DIGIT_9) {
        suspicious ||= colon;
        zero = code === DIGIT_0 && !inWord;
        digits = true;
        inWord = true;
        colon = false;
      } else if (code !== DOT || !digits) {
        colon = code === COLON && inWord && !digits;
        if (inWord) {
          const number = zero ? ZERO : NUMBER;
          hash = imul(hash ^ (digits ? number : word), FNV_PRIME);
          word = FNV_OFFSET;
          inWord = false;
          digits = false;
        }
        if (code > SPACE) {
          hash = imul(hash ^ code, FNV_PRIME);
        }
      }
    }
    this.hash = hash;
    this.suspicious = suspicious;
  }
}
