// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import MarkdownIt from 'markdown-it';

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string} text
 * @property {string} heading The nearest one above.
 * @property {boolean} isAlternative In place of another block, or an example of what could be.
 */

const ALTERNATIVE = /^or\b|\b(otherwise|for example):$/i;

/**
 * The code blocks of a README, in its order.
 *
 * @param {string} file
 * @returns {Block[]}
 */
export function readBlocks(file) {
  const tokens = new MarkdownIt().parse(fs.readFileSync(file, 'utf8'), {});
  /** @type {Block[]} */
  const blocks = [];
  let heading = '';
  let sentence = '';
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'inline') {
      if (tokens[index - 1].type === 'heading_open') {
        heading = token.content;
        sentence = '';
      } else {
        sentence = token.content;
      }
    } else if (token.type === 'fence') {
      blocks.push({
        language: token.info.trim(),
        text: token.content,
        heading,
        isAlternative: ALTERNATIVE.test(sentence),
      });
    }
  }
  return blocks;
}
