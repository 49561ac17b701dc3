// SPDX-License-Identifier: Apache-2.0
import { InputError } from '@backstage/errors';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * Where each source of a merged list goes on: its own page token, and how many
 * items of that page were shown already. A source that is absent has ended.
 */
export type PageState = Record<string, { token?: string; skip: number }>;

const stateSchema = z.array(
  z.tuple([z.string(), z.string().nullable(), z.number().int().min(0)]),
);

/**
 * Page tokens of one caller, signed (HMAC-SHA256) for the list that they belong
 * to: no other caller, list or query can use them, and nobody can make one up.
 */
export class PageTokens {
  readonly #key: Buffer;
  readonly #caller: string;

  constructor(key: Buffer, caller: string) {
    this.#key = key;
    this.#caller = caller;
  }

  /**
   * Encodes where a list goes on, undefined at its end. `list` says which list
   * it is: its name, entity, filter, order.
   */
  encode(list: unknown, state: PageState): string | undefined {
    const sources = Object.entries(state).map(([source, { token, skip }]) => [
      source,
      token ?? null,
      skip,
    ]);
    if (sources.length === 0) {
      return undefined;
    }
    const payload = Buffer.from(JSON.stringify(sources)).toString('base64url');
    return `${payload}.${this.#sign(list, payload).toString('base64url')}`;
  }

  /** @throws InputError for a token that was not made for this list and caller. */
  decode(list: unknown, token: string): PageState {
    const [payload, signature, ...rest] = token.split('.');
    const given = Buffer.from(signature ?? '', 'base64url');
    const expected = this.#sign(list, payload);
    if (
      rest.length === 0 &&
      given.length === expected.length &&
      timingSafeEqual(given, expected)
    ) {
      const json = Buffer.from(payload, 'base64url').toString('utf8');
      const state = stateSchema.safeParse(JSON.parse(json));
      if (state.success) {
        return Object.fromEntries(
          state.data.map(([source, page, skip]) => [
            source,
            { token: page ?? undefined, skip },
          ]),
        );
      }
    }
    throw new InputError(
      "'pageToken' does not belong to this list: leave it out to start from the first page",
    );
  }

  #sign(list: unknown, payload: string): Buffer {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([this.#caller, list, payload]))
      .digest();
  }
}
