// SPDX-License-Identifier: Apache-2.0

/**
 * The text of an XML file, in the encoding that its byte order mark or its
 * declaration names, and else in UTF-8. The declaration is taken off: what it
 * says of the encoding no longer holds.
 */
export function decodeXml(content: Uint8Array): string {
  const [first, second] = content;
  let encoding = 'utf-8';
  if (first === 0xff && second === 0xfe) {
    encoding = 'utf-16le';
  } else if (first === 0xfe && second === 0xff) {
    encoding = 'utf-16be';
  } else {
    const head = new TextDecoder('latin1').decode(content.subarray(0, 200));
    const declared =
      /^(?:\u00ef\u00bb\u00bf)?\s{0,20}<\?xml [^>]{0,100}encoding=["']([\w.-]{1,40})["']/.exec(
        head,
      )?.[1];
    if (declared && !/^utf-?16/i.test(declared)) {
      encoding = declared;
    }
  }
  const text = decoder(encoding).decode(content);
  return text.replace(/^\s{0,100}<\?xml [^>]{0,200}\?>/, '').trimStart();
}

function decoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder('utf-8');
  }
}
