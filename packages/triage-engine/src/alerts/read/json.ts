// SPDX-License-Identifier: Apache-2.0

/** An object of JSON. */
export type Json = Record<string, unknown>;

/** Whether a value is an object of JSON, no list. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path of keys; undefined where a part of it is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isJson(current) || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = current[key];
  }
  return current;
}

/** The text at a path; numbers and truth values as they are written. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ||
    typeof found === 'number' ||
    typeof found === 'boolean'
    ? String(found)
    : undefined;
}

/** The number at a path. */
export function numberAt(value: unknown, ...path: string[]) {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found)
    ? found
    : undefined;
}

/** The objects of a list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: string[]): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isJson) : [];
}

/** The texts of a list at a path. */
export function textsAt(value: unknown, ...path: string[]): string[] {
  const found = at(value, ...path);
  return Array.isArray(found)
    ? found.filter((each): each is string => typeof each === 'string')
    : [];
}

/** Milliseconds since 1970 of a time at a path. */
export function timeAt(value: unknown, ...path: string[]): number | undefined {
  const ms = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
