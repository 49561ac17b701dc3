// SPDX-License-Identifier: Apache-2.0

/**
 * A cell's text: a pipe is escaped as GFM wants it, in code as well. After a
 * backslash there is no way to write one (parsers differ in what escapes what),
 * so that it becomes a broken bar.
 */
function cell(markdown: string): string {
  return markdown.replaceAll('\\|', '\\\u00a6').replaceAll('|', '\\|');
}

/** A GFM table from cells that are Markdown of ours, made by codeSpan and markdownProse. */
export function markdownTable(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows]
    .map(cells => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}
