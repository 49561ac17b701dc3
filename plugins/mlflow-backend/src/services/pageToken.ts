import { InputError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * Where each source of a merged list goes on: its own page token, and how many
 * items of that page were shown already. A source that is absent has ended.
 */
export type PageState = Record<string, { token?: string; skip: number }>;

const tokenSchema = z.tuple([
  z.string(),
  z.array(
    z.tuple([
      z.string(),
      z.string().max(2_000).nullable(),
      z.number().int().min(0).max(1_000),
    ]),
  ),
]);

function digestOf(list: unknown, sources: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([list, sources]))
    .digest('base64url')
    .slice(0, 22);
}

/**
 * Encodes where a list goes on, undefined at its end. `list` says which list it
 * is (entity, filter, order). The token grants nothing, since what is read comes
 * from the entity; the digest tells a wrong token from a right one.
 */
export function encodePageToken(
  list: unknown,
  state: PageState,
): string | undefined {
  const sources = Object.entries(state).map(([source, { token, skip }]) => [
    source,
    token ?? null,
    skip,
  ]);
  if (sources.length === 0) {
    return undefined;
  }
  const text = JSON.stringify([digestOf(list, sources), sources]);
  return Buffer.from(text).toString('base64url');
}

/** @throws InputError for a token that was not made for this list. */
export function decodePageToken(list: unknown, token: string): PageState {
  try {
    const [digest, sources] = tokenSchema.parse(
      JSON.parse(Buffer.from(token, 'base64url').toString('utf8')),
    );
    if (digest === digestOf(list, sources)) {
      return Object.fromEntries(
        sources.map(([source, page, skip]) => [
          source,
          { token: page ?? undefined, skip },
        ]),
      );
    }
  } catch {
    // Whatever is wrong with it, the remedy is the same.
  }
  throw new InputError(
    "'pageToken' does not belong to this list: leave it out to start from the first page",
  );
}
