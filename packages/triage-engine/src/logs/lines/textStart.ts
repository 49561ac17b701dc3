const TIMESTAMP_LENGTH = 29;
const ZERO = 48;
const NINE = 57;

/** Where a line's text starts: behind the byte order mark and GitHub's time stamp. */
export function textStart(head: Uint8Array, from = 0): number {
  let start = from;
  if (head[start] === 0xef && head[start + 1] === 0xbb) {
    start += 3;
  }
  return isTimestamp(head, start) ? endOfTimestamp(head, start) : start;
}

/** `2026-11-21T08:00:00.1234567Z`, looked at where it costs least. */
export function isTimestamp(head: Uint8Array, at: number): boolean {
  return (
    head[at + 4] === 0x2d &&
    head[at + 7] === 0x2d &&
    head[at + 10] === 0x54 &&
    head[at + 13] === 0x3a &&
    head[at + 16] === 0x3a &&
    isDigit(head[at]) &&
    isDigit(head[at + 18])
  );
}

function endOfTimestamp(head: Uint8Array, at: number): number {
  const space = head.indexOf(0x20, at + 19);
  return space < 0 || space > at + TIMESTAMP_LENGTH + 3 ? at + 20 : space + 1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
