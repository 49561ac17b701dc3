// SPDX-License-Identifier: Apache-2.0
import { expressionEnd } from './expressionEnd';

/** A part of a sentence: words as they are, or what must be shown literally. @public */
export interface ProseToken {
  kind: 'plain' | 'code';
  text: string;
}

/** Longer words are no words. */
const MAX_WORD = 40;

const WORD = /^[\p{L}\p{M}\p{N}]+(?:[-'’][\p{L}\p{M}\p{N}]+){0,8}$/u;
const NUMBER = /^[+±-]?\d{1,6}(?:[.,:]\d{1,6}){0,4}%?$/;
const HARMLESS = new Set([
  'e.g',
  'i.e',
  '%',
  '–',
  '—',
  '·',
  '/',
  '→',
  '≥',
  '≤',
]);

/** GitHub makes a link of a commit's hash, also between signs like `²`, and of `GH-12` and such keys. */
const REFERENCE =
  /(?<![0-9a-z_])[0-9a-f]{7,40}(?![0-9a-z_])|\p{L}\p{N}{0,20}-\d/iu;

const OPENING = '("“‘\'';
const CLOSING = ')",.;:!?”’\'…';

function isPlain(core: string, isFirst: boolean): boolean {
  if (core.length > MAX_WORD) {
    return false;
  }
  if (HARMLESS.has(core)) {
    return !isFirst;
  }
  return (WORD.test(core) || NUMBER.test(core)) && !REFERENCE.test(core);
}

function splitWord(word: string): [string, string, string] {
  let start = 0;
  let end = word.length;
  while (start < end && OPENING.includes(word[start])) {
    start += 1;
  }
  while (end > start && CLOSING.includes(word[end - 1])) {
    end -= 1;
  }
  return [word.slice(0, start), word.slice(start, end), word.slice(end)];
}

function* tokensOfWord(word: string, isFirst: boolean): Generator<ProseToken> {
  const [before, core, after] = splitWord(word);
  // "1." at the start of a line would begin a list.
  const beginsList = isFirst && /^\d+[.)]/.test(word);
  if (core === '' || beginsList || /^[+-]/.test(word)) {
    yield { kind: core === '' && !isFirst ? 'plain' : 'code', text: word };
  } else if (isPlain(core, isFirst)) {
    yield { kind: 'plain', text: word };
  } else {
    if (before !== '') {
      yield { kind: 'plain', text: before };
    }
    yield { kind: 'code', text: core };
    if (after !== '') {
      yield { kind: 'plain', text: after };
    }
  }
}

/** A word from `at` on; more of them where they are one expression. */
function* tokensFrom(
  text: string,
  at: number,
  isFirst: boolean,
): Generator<ProseToken, number> {
  let begin = at;
  while (OPENING.includes(text[begin] ?? ' ')) {
    begin += 1;
  }
  const end = expressionEnd(text, begin);
  if (end === undefined) {
    const space = text.indexOf(' ', at);
    const wordEnd = space < 0 ? text.length : space;
    yield* tokensOfWord(text.slice(at, wordEnd), isFirst);
    return wordEnd;
  }
  if (begin > at) {
    yield { kind: 'plain', text: text.slice(at, begin) };
  }
  yield { kind: 'code', text: text.slice(begin, end) };
  let rest = end;
  while (CLOSING.includes(text[rest] ?? ' ')) {
    rest += 1;
  }
  if (rest > end) {
    yield { kind: 'plain', text: text.slice(end, rest) };
  }
  return rest;
}

/** Of a text in which one space at most parts words. */
function* tokensOfWords(text: string, isStart: boolean): Generator<ProseToken> {
  let isFirst = isStart;
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      if (!isFirst) {
        yield { kind: 'plain', text: ' ' };
      }
      at += 1;
    } else {
      at = yield* tokensFrom(text, at, isFirst);
      isFirst = false;
    }
  }
}

/**
 * Takes a sentence apart into words, which mean nothing to Markdown, GitHub or
 * Slack, and everything else, which is to be shown as code: paths, addresses,
 * mentions, `#12`, hashes, markup, and calls and expressions as a whole. What stands
 * between back-ticks is code already. Code that only spaces part becomes one.
 *
 * @param show - makes what is unseen in a line visible
 * @public
 */
export function readProse(
  text: string,
  show: (line: string) => string,
): ProseToken[] {
  const tokens: ProseToken[] = [];
  const line = show(text.replace(/\s+/g, ' ')).trim();
  line.split('`').forEach((part, index) => {
    if (index % 2 === 1) {
      tokens.push(
        ...(part.trim() === '' ? [] : [{ kind: 'code' as const, text: part }]),
      );
    } else {
      tokens.push(...tokensOfWords(part, tokens.length === 0));
    }
  });
  const joined: ProseToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    const previous = joined.at(-2);
    if (
      token.kind === 'code' &&
      last?.text === ' ' &&
      previous?.kind === 'code'
    ) {
      joined.pop();
      previous.text += ` ${token.text}`;
    } else if (token.kind === 'code' && last?.kind === 'code') {
      last.text += token.text;
    } else if (
      token.kind === 'plain' &&
      last?.kind === 'plain' &&
      token.text !== ' ' &&
      last.text !== ' '
    ) {
      last.text += token.text;
    } else {
      joined.push({ ...token });
    }
  }
  return joined;
}
