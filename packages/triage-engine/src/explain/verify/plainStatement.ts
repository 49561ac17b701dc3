// SPDX-License-Identifier: Apache-2.0
import { collapsedText } from '../../text/oneLine';

const PLACEHOLDER = /(\[REDACTED:[a-z0-9-]{1,60}#\d{1,9}\])/;

// Each takes one meaning away that GitHub, Slack, a terminal or a workflow gives
// to plain text. All are bounded; a statement is cut before they run.
const REPLACEMENTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/<!--|-->/g, ' '],
  [/!\[/g, '['],
  // Links in every form: with a scheme, of Markdown, of Slack, bare.
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"'`|)\]]{0,400}/gi, '(link removed)'],
  [
    /\b(?:javascript|vbscript|data|mailto|tel|file)\s?:\s?[^\s<>"'`|)\]]{0,400}/gi,
    '(link removed)',
  ],
  [/\bwww\.[^\s<>"'`|)\]]{0,400}/gi, '(link removed)'],
  [/\/\/(?=[\w-]{1,60}\.)[^\s<>"'`|)\]]{0,400}/g, '(link removed)'],
  [/\]\(/g, '] ('],
  [/&(?=#?\w{1,31};)/g, 'and '],
  [/\$\{?\{/g, '('],
  [/\$\(/g, '('],
  [/</g, '‹'],
  [/>/g, '›'],
  [/`/g, "'"],
  [/[*~|\\^]/g, ' '],
  [/::/g, ': :'],
  [/##\[/g, '['],
  // `actions/checkout@v4` and `requests@2.32` stay; people and teams do not.
  [/(?<=[\w)\]])@(?=v?\d)/g, '\uE000'],
  [/@/g, ' '],
  [/\uE000/g, '@'],
  [/#(?=\d)|\bGH-(?=\d)/gi, ''],
  [/(^|\s)\/(?=[a-z][a-z-]{1,30}(?![\w/.-]))/gi, '$1'],
  [/^[\s#+=_>-]+/, ''],
];

function plainPart(text: string): string {
  return REPLACEMENTS.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  );
}

/**
 * What a model wrote as one line of plain text: no markup, links, mentions,
 * references, commands or hidden characters. Placeholders of redacted secrets
 * stay.
 */
export function plainStatement(text: string, maxCharacters: number): string {
  const visible = collapsedText(text.slice(0, 4_000)).normalize('NFKC');
  const plain = visible
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 1 ? part : plainPart(part)))
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (plain.length <= maxCharacters) {
    return plain;
  }
  const cut = plain.slice(0, maxCharacters - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxCharacters / 2))}…`;
}
