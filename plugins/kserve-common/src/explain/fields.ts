// SPDX-License-Identifier: Apache-2.0

/** An object of which nothing is known: each field may be missing or of another type. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = Object.freeze({});

/** The value as an object; empty where it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : NONE;
}

/** The field at a path; undefined where any part is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const key of path) {
    const fields = fieldsOf(found);
    found = Object.hasOwn(fields, key) ? fields[key] : undefined;
  }
  return found;
}

/** The field's text; empty where it is no text. */
export function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The field's number, also where it is written as text. */
export function numberAt(
  value: unknown,
  ...path: string[]
): number | undefined {
  const found = at(value, ...path);
  const number =
    typeof found === 'string' && found.trim() ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number)
    ? number
    : undefined;
}

/** The field's time in ms since 1970. */
export function timeAt(value: unknown, ...path: string[]): number | undefined {
  const text = textAt(value, ...path);
  const time = text.length > 40 ? NaN : Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}

/** The objects in the field's list. */
export function listAt(value: unknown, ...path: string[]): Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map(fieldsOf) : [];
}

/** The texts among the field's entries: labels, annotations, quantities. */
export function textsAt(
  value: unknown,
  ...path: string[]
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(at(value, ...path))).flatMap(([key, entry]) =>
      typeof entry === 'string' || typeof entry === 'number'
        ? [[key, String(entry)]]
        : [],
    ),
  );
}

export const nameOf = (object: unknown) => textAt(object, 'metadata', 'name');
export const namespaceOf = (object: unknown) =>
  textAt(object, 'metadata', 'namespace');
export const kindOf = (object: unknown) => textAt(object, 'kind');
export const labelOf = (object: unknown, key: string) =>
  textAt(object, 'metadata', 'labels', key);
export const annotationOf = (object: unknown, key: string) =>
  textAt(object, 'metadata', 'annotations', key);
