// SPDX-License-Identifier: Apache-2.0
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { loadPageTokenKey } from './loadPageTokenKey';

describe('loadPageTokenKey', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('answers the same key to every replica and after a restart, and another one to another installation', async () => {
    const database = mockServices.database({
      knex: await databases.init('SQLITE_3'),
    });
    const key = await loadPageTokenKey(database);
    expect(key).toHaveLength(32);
    for (const again of await Promise.all([
      loadPageTokenKey(database),
      loadPageTokenKey(database),
    ])) {
      expect(again.equals(key)).toBe(true);
    }
    const elsewhere = mockServices.database({
      knex: await databases.init('SQLITE_3'),
    });
    expect((await loadPageTokenKey(elsewhere)).equals(key)).toBe(false);
  });
});
