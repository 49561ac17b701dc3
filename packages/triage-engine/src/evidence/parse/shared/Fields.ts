// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { ellipsis } from '../../../text/cutText';

type Extra = NonNullable<Finding['extra']>;
type Json = Extra[string];

const MAX_DEPTH = 4;
const MAX_ITEMS = 20;
const MAX_FIELDS = 40;
const MAX_STRING = 500;
/** Of all extra fields of one finding together. */
const MAX_EXTRA = 4000;

/** An object that is not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads an object of a report field by field, whatever stands in it, and
 * remembers what was read, so that the rest can be kept as it is. A field that
 * is missing, null or of another type is undefined: tools change their shapes.
 */
export class Fields {
  readonly #value: Record<string, unknown>;
  readonly #seen = new Set<string>();

  constructor(value: unknown) {
    this.#value = isRecord(value) ? value : {};
  }

  /** The first of these fields that holds text or a number. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const found = this.#take(name);
      if (typeof found === 'string' && found.trim() !== '') {
        return found;
      }
      if (typeof found === 'number') {
        return String(found);
      }
    }
    return undefined;
  }

  /** The first of these fields that holds a number, or a text of one. */
  number(...names: string[]): number | undefined {
    const found = Number(this.text(...names) ?? NaN);
    return Number.isFinite(found) ? found : undefined;
  }

  /** A list; a single value is a list of one; nothing is an empty list. */
  list(...names: string[]): unknown[] {
    for (const name of names) {
      const found = this.#take(name);
      if (found !== undefined && found !== null) {
        return Array.isArray(found) ? found : [found];
      }
    }
    return [];
  }

  /** The texts of a list, or the parts of a text with commas. */
  texts(...names: string[]): string[] {
    return this.list(...names)
      .flatMap(each => (typeof each === 'string' ? each.split(',') : []))
      .map(each => each.trim())
      .filter(each => each !== '');
  }

  object(name: string): Fields {
    return new Fields(this.#take(name));
  }

  /** Whether a field is false; not whether it is missing. */
  fails(name: string): boolean {
    return this.#take(name) === false;
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined && this.#value[name] !== null;
  }

  /** Fields that are left out on purpose. */
  skip(...names: string[]): this {
    names.forEach(name => this.#seen.add(name));
    return this;
  }

  /** What was not read, and `more`, bounded; undefined where that is nothing. */
  rest(more: Record<string, unknown> = {}): Extra | undefined {
    const entries: Array<[string, Json]> = [];
    let size = 0;
    const unread = Object.entries(this.#value).filter(
      ([key]) =>
        !this.#seen.has(key) &&
        !Object.hasOwn(more, key) &&
        key !== '__proto__',
    );
    for (const [key, value] of [...Object.entries(more), ...unread]) {
      if (isNothing(value)) {
        continue;
      }
      const json = toJson(value, MAX_DEPTH);
      const cost = key.length + sizeOf(json);
      if (size + cost <= MAX_EXTRA) {
        size += cost;
        entries.push([key, json]);
      }
      if (entries.length === MAX_FIELDS) {
        break;
      }
    }
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }

  #take(name: string): unknown {
    this.#seen.add(name);
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  );
}

function toJson(value: unknown, depth: number): Json {
  if (typeof value === 'string') {
    return ellipsis(value, MAX_STRING);
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : String(value);
  }
  if (typeof value === 'boolean' || value === null || value === undefined) {
    return value ?? null;
  }
  if (depth === 0) {
    return '…';
  }
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map(each => toJson(each, depth - 1));
  }
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== '__proto__')
          .slice(0, MAX_ITEMS)
          .map(([key, each]) => [
            ellipsis(key, MAX_STRING),
            toJson(each, depth - 1),
          ]),
      )
    : String(value);
}

function sizeOf(value: Json): number {
  return typeof value === 'string'
    ? value.length
    : JSON.stringify(value).length;
}
