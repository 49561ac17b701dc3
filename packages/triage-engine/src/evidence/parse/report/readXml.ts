// SPDX-License-Identifier: Apache-2.0
import { SaxesParser } from 'saxes';

const MAX_TEXT = 20_000;
const MAX_DEPTH = 64;

/** An element, when it ends: its attributes, text and the elements around it. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/**
 * Reads XML and gives each element when it ends, with the open ones around it,
 * the root first. A document type is refused: reports have none, and entities
 * can be made to grow.
 *
 * @throws SyntaxError where it is not well-formed
 */
export function readXml(
  text: string,
  onElement: (element: XmlElement, around: XmlElement[]) => void,
): void {
  const parser = new SaxesParser();
  const open: XmlElement[] = [];
  parser.on('error', error => {
    throw new SyntaxError(error.message);
  });
  parser.on('doctype', () => {
    throw new SyntaxError('It has a document type, which no report has');
  });
  parser.on('opentag', tag => {
    if (open.length === MAX_DEPTH) {
      throw new SyntaxError(`Elements are nested more than ${MAX_DEPTH} deep`);
    }
    open.push({ name: tag.name, attributes: { ...tag.attributes }, text: '' });
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element && element.text.length < MAX_TEXT) {
      element.text += part.slice(0, MAX_TEXT);
    }
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element) {
      onElement(element, open);
    }
  });
  parser.write(text).close();
}

/** Name and attributes of the root, without reading the rest. */
export function xmlRoot(text: string): string {
  const match = /<([A-Za-z][\w:.-]{0,60})([^>]{0,1000})/.exec(
    text.slice(0, 5000),
  );
  return match ? match[0] : '';
}
