// SPDX-License-Identifier: Apache-2.0

/**
 * What a file is that is no table of text.
 *
 * @public
 */
export type ForeignFormat =
  'web-page' | 'json' | 'spreadsheet' | 'archive' | 'pdf' | 'parquet';

const startsWith = (bytes: Uint8Array, ...magic: number[]) =>
  magic.every((byte, index) => bytes[index] === byte);

/** Names a binary format by its first bytes. */
export function sniffBytes(bytes: Uint8Array): ForeignFormat | undefined {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) {
    // A ZIP: Excel and LibreOffice put their sheets into one, and name its
    // parts at the beginning.
    const head = String.fromCharCode(...bytes.subarray(0, 4096));
    return /\[Content_Types\]\.xml|xl\/|mimetypeapplication\/vnd\.oasis/.test(
      head,
    )
      ? 'spreadsheet'
      : 'archive';
  }
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    return 'spreadsheet';
  }
  if (
    startsWith(bytes, 0x1f, 0x8b) ||
    startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd) ||
    startsWith(bytes, 0x42, 0x5a, 0x68) ||
    startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a) ||
    startsWith(bytes, 0x37, 0x7a, 0xbc, 0xaf)
  ) {
    return 'archive';
  }
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) {
    return 'pdf';
  }
  return startsWith(bytes, 0x50, 0x41, 0x52, 0x31) ? 'parquet' : undefined;
}

/** Names a text format that is no table by its first characters. */
export function sniffText(text: string): ForeignFormat | undefined {
  if (/^\s*<(!doctype|html|head|\?xml|!--|svg|script|table)/i.test(text)) {
    return 'web-page';
  }
  return /^\s*(\{\s*("[^"\n]*"\s*:|\})|\[\s*[{["\d\]])/.test(text)
    ? 'json'
    : undefined;
}
