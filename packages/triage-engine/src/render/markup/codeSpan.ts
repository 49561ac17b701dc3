// SPDX-License-Identifier: Apache-2.0
import { cutText } from '../../text/cutText';
import { visibleText } from '../../text/visibleText';

const DEFAULT_MAX = 200;

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/**
 * Hostile text as a code span: the one inline form in which GitHub makes no link,
 * mention, reference, emoji, formula or image of what stands in it. The
 * delimiters are longer than any run of back-ticks inside (CommonMark 6.1).
 */
export function codeSpan(text: string, max: number = DEFAULT_MAX): string {
  const content = visibleText(cutText(text, max)).trim();
  if (content === '') {
    return '`(empty)`';
  }
  const fence = '`'.repeat(longestRun(content, '`') + 1);
  // A space on both sides is taken off by the parser.
  const pad = /^`|`$/.test(content) ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** A fenced block that its content cannot close; `lines` hold no line break. */
export function codeFence(
  lines: string[],
  language: 'text' | 'mermaid' = 'text',
): string {
  const longest = lines.reduce(
    (most, line) => Math.max(most, longestRun(line, '`')),
    2,
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join('\n');
}
