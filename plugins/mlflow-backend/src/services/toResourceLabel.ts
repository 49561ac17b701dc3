// SPDX-License-Identifier: Apache-2.0
const MAX_NAME = 100;

/**
 * Names a thing of MLflow in a sentence. What cannot be seen in a name is
 * spelled out, since MLflow compares bytes: a zero-width space is often all that
 * is wrong with it.
 */
export function toResourceLabel(noun: string, name: string): string {
  const characters = [...name];
  const shown = characters
    .slice(0, MAX_NAME)
    .map(character =>
      /^(?! )[\p{C}\p{Z}]$/u.test(character)
        ? `\\u{${character.codePointAt(0)?.toString(16)}}`
        : character,
    )
    .join('');
  return `${noun} '${shown}${characters.length > MAX_NAME ? '…' : ''}'`;
}
