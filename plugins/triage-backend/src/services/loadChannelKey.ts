// SPDX-License-Identifier: Apache-2.0
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';

/** The installation's key for the names of channels, made at the first start. */
export async function loadChannelKey(knex: Knex): Promise<Buffer> {
  // Replicas that start at once: the first one's key stays.
  await knex('channel_key')
    .insert({ id: 1, key: randomBytes(32).toString('base64url') })
    .onConflict('id')
    .ignore();
  const row = await knex('channel_key').where({ id: 1 }).first();
  return Buffer.from(row.key, 'base64url');
}
