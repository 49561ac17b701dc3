// SPDX-License-Identifier: Apache-2.0
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { toFullEntityRef } from './checkValues';
import type { Problem } from './problems';

/**
 * The full reference of an entity that a parameter names, which the user may see.
 *
 * @param kinds - what it may be; the first is meant where the reference names none
 */
export async function findEntity(
  field: string,
  ref: string,
  kinds: string[],
  options: {
    catalog: CatalogService;
    credentials: BackstageCredentials;
    /** Gets one more when there is no such entity. */
    problems: Problem[];
  },
): Promise<string> {
  const { catalog, credentials, problems } = options;
  const full = toFullEntityRef(ref, kinds[0]);
  const entity = full && (await catalog.getEntityByRef(full, { credentials }));
  if (!entity || !kinds.includes(entity.kind)) {
    problems.push({
      field,
      message: `the catalog has no ${kinds
        .join(' or ')
        .toLowerCase()} '${ref}'; choose one from the list`,
    });
  }
  return full ?? '';
}
