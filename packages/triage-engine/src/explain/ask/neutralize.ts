// SPDX-License-Identifier: Apache-2.0
import { ellipsis } from '../../text/cutText';
import { oneLine } from '../../text/oneLine';

// What gives a text a meaning in the prompt: our marks, our line numbers, and
// the tokens with which models tell who speaks.
const MARKS = /[\u27E6\u27E7]/g;
const LINE_NUMBER = /\bL(\d{1,9})\|/g;
const ROLE_TOKEN =
  /<(\/?)(start_of_turn|end_of_turn|system|user|assistant|model|developer|tool|data|instructions)\b/gi;
const PIPE_TOKEN = /<\||\|>/g;
const INST = /\[(\/?)(INST|SYS)\]/gi;

// Indentation says something, a page of spaces does not.
const GAP = ' '.repeat(16);
const WIDE_GAP = / {17,}/g;

/**
 * A text of a log, a commit or a report as it may stand in a prompt: one line,
 * no hidden characters, nothing that looks like our marks or line numbers.
 * `verifyAnswer` compares quotes in this same form, whatever their spaces.
 *
 * @param maxCharacters - of the answer; what is longer ends in `…`
 */
export function neutralize(text: string, maxCharacters = 2_000): string {
  // Cut first: what a huge line is made of need not be looked at.
  const head = text.length > 4 * maxCharacters;
  const clean = oneLine(head ? text.slice(0, 4 * maxCharacters) : text)
    .replace(WIDE_GAP, GAP)
    .trimEnd()
    .replace(MARKS, mark => (mark === '\u27E6' ? '[[' : ']]'))
    .replace(LINE_NUMBER, 'L$1¦')
    .replace(ROLE_TOKEN, '‹$1$2')
    .replace(PIPE_TOKEN, token => (token === '<|' ? '‹¦' : '¦›'))
    .replace(INST, '($1$2)');
  return ellipsis(clean, maxCharacters);
}
