// SPDX-License-Identifier: Apache-2.0

/**
 * The text of a report: UTF-8, or UTF-16 where it starts with a byte order mark,
 * as PowerShell writes what is redirected into a file.
 */
export function decodeReport(content: Uint8Array): string {
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) {
    return new TextDecoder('utf-16le').decode(content);
  }
  if (first === 0xfe && second === 0xff) {
    return new TextDecoder('utf-16be').decode(content);
  }
  return new TextDecoder('utf-8').decode(content);
}
