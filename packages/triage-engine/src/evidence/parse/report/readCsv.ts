// SPDX-License-Identifier: Apache-2.0
const MAX_ROWS = 200_000;

/**
 * Rows of CSV by the names of its first row (RFC 4180: quotes are doubled, and
 * may hold line ends).
 *
 * @throws SyntaxError where a quote is not closed, or a row has too few cells
 */
export function readCsv(text: string): Array<Record<string, string>> {
  const [header = [], ...rows] = readRows(text);
  return rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new SyntaxError(
        `Row ${index + 2} has ${row.length} cells, not ${header.length}`,
      );
    }
    return Object.fromEntries(header.map((name, at) => [name, row[at]]));
  });
}

function readRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < MAX_ROWS) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) {
        row.push('');
      }
    } else {
      at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    }
    if (text[at - 1] !== ',' || at === text.length) {
      if (row.length > 1 || row[0] !== '') {
        rows.push(row);
      }
      row = [];
    }
  }
  return rows;
}

function plain(text: string, start: number): { value: string; end: number } {
  const pattern = /[,\r\n]/g;
  pattern.lastIndex = start;
  const end = pattern.exec(text)?.index ?? text.length;
  return { value: text.slice(start, end), end };
}

function quoted(text: string, start: number): { value: string; end: number } {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) {
      throw new SyntaxError('A quote is not closed');
    }
    if (text[end + 1] !== '"') {
      const value = text.slice(start + 1, end).replaceAll('""', '"');
      return { value, end: end + 1 };
    }
    end += 2;
  }
}
