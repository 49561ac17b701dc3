// SPDX-License-Identifier: Apache-2.0
import { Composer, Parser, type Document } from 'yaml';

/** Longer files of the kinds that are read here were written by no person. */
const MAX_TEXT = 256 * 1024;

/**
 * The first document of a file, up to its first error. A file that is no YAML
 * would have an error for each character.
 */
export function parseYaml(text: string): Document.Parsed | undefined {
  if (text.length > MAX_TEXT) {
    return undefined;
  }
  const composer = new Composer({ logLevel: 'silent', prettyErrors: false });
  for (const token of new Parser().parse(text)) {
    for (const document of composer.next(token)) {
      return document.errors.length > 0 ? undefined : document;
    }
  }
  for (const document of composer.end()) {
    return document.errors.length > 0 ? undefined : document;
  }
  return undefined;
}
