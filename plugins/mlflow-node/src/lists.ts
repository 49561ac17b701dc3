// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** What could be read of a list, and the places of what could not. */
export interface ReadList<T> {
  items: T[];
  /** One path for each item that was left out, e.g. `3.value`. */
  unreadable: string[];
}

function join(...parts: PropertyKey[]): string {
  return parts.filter(part => part !== '').join('.');
}

function read<T>(item: z.ZodType<T>, entries: unknown[]): ReadList<T> {
  const list: ReadList<T> = { items: [], unreadable: [] };
  entries.forEach((entry, index) => {
    const parsed = item.safeParse(entry);
    if (parsed.success) {
      list.items.push(parsed.data);
    } else {
      list.unreadable.push(
        join(index, ...(parsed.error.issues[0]?.path ?? [])),
      );
    }
  });
  return list;
}

/**
 * A list of which each item is read by itself, so that one that is malformed
 * does not hide the others. Something else than a list counts as one item.
 */
export function listOf<T>(item: z.ZodType<T>) {
  return z
    .unknown()
    .optional()
    .transform((value): ReadList<T> => {
      if (value === undefined || value === null) {
        return { items: [], unreadable: [] };
      }
      return Array.isArray(value)
        ? read(item, value)
        : { items: [], unreadable: [''] };
    });
}

/** Places in an item of what its lists left out; undefined for none. */
export function unreadableIn(
  lists: Record<string, ReadList<unknown> | undefined>,
): string[] | undefined {
  const places = Object.entries(lists).flatMap(([path, list]) =>
    (list?.unreadable ?? []).map(place => join(path, place)),
  );
  return places.length > 0 ? places : undefined;
}

const envelope = z.record(z.string(), z.unknown());

/** One page of a search, of which each item is read by itself. */
export function pageOf<T>(key: string, item: z.ZodType<T>) {
  return z.unknown().transform((body, context) => {
    const answer = envelope.safeParse(body);
    // Without a match MLflow answers an empty object.
    const entries = answer.success ? (answer.data[key] ?? []) : undefined;
    if (!answer.success || !Array.isArray(entries)) {
      context.addIssue({ code: 'custom', message: 'no list', path: [key] });
      return z.NEVER;
    }
    const { items, unreadable } = read(item, entries);
    const token = answer.data.next_page_token;
    return {
      items,
      nextPageToken: typeof token === 'string' && token ? token : undefined,
      unreadable: unreadable.length > 0 ? unreadable : undefined,
    };
  });
}
