// SPDX-License-Identifier: Apache-2.0

/** How a language writes what JSON writes otherwise. */
interface Words {
  null: string;
  true: string;
  false: string;
  /** How a key of an object is written. */
  key: (key: string) => string;
}

// JSON's strings and numbers mean the same in Python and in ECMAScript 2019.
export const PYTHON: Words = {
  null: 'None',
  true: 'True',
  false: 'False',
  key: key => JSON.stringify(key),
};

const JSON_ITSELF: Words = {
  null: 'null',
  true: 'true',
  false: 'false',
  key: key => JSON.stringify(key),
};

export const TYPESCRIPT: Words = {
  null: 'null',
  true: 'true',
  false: 'false',
  // Alone it would set the object's prototype.
  key: key => (key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)),
};

/** A JSON value as a literal of a language; short lists stay on one line. */
export function toLiteral(value: unknown, words: Words, indent = ''): string {
  if (value === null || typeof value === 'boolean') {
    return words[`${value}`];
  }
  if (typeof value !== 'object') {
    return JSON.stringify(value);
  }
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item: unknown) => toLiteral(item, words, inner))
    : Object.entries(value as object).map(
        ([key, item]) => `${words.key(key)}: ${toLiteral(item, words, inner)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  const line = `${open}${parts.join(', ')}${close}`;
  return line.length <= 72 && !line.includes('\n')
    ? line
    : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** JSON as a person reads it: short lists stay on one line. */
export function toJsonText(value: unknown) {
  return toLiteral(value, JSON_ITSELF);
}
