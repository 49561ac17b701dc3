// SPDX-License-Identifier: Apache-2.0
import { readProse } from '@greenroom/plugin-triage-common';
import { cutText } from '../../text/cutText';
import { visibleText } from '../../text/visibleText';

/**
 * What Slack reads as control in any text: `&`, `<`, `>`. An address without its
 * `://` or `www.` is linked by no client; back-ticks would end the code.
 */
function neutral(text: string): string {
  return visibleText(text)
    .replaceAll('://', '[:]//')
    .replace(/\bwww\./gi, 'www[.]')
    .replace(/\bmailto:/gi, 'mailto[:]')
    .replaceAll('`', '\u02cb')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Hostile text as Slack's inline code. */
export function slackCode(text: string, max: number): string {
  const content = neutral(cutText(text.trim(), max)).trim();
  return `\`${content || '(empty)'}\``;
}

/** Lines as Slack's preformatted block, at most `max` characters of them, by whole lines. */
export function slackFence(lines: string[], max: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const text = neutral(cutText(line, 300));
    length += text.length + 1;
    if (length > max) {
      kept.push(`… ${lines.length - kept.length} more`);
      break;
    }
    kept.push(text);
  }
  return `\`\`\`\n${kept.join('\n')}\n\`\`\``;
}

/** A sentence with hostile words as Slack's mrkdwn: as markdownProse. */
export function slackProse(text: string, max: number): string {
  return readProse(cutText(text, max), visibleText)
    .map(token =>
      token.kind === 'code' ? slackCode(token.text, max) : token.text,
    )
    .join('');
}
