// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { assertAccess } from '../http/access';
import { ApiError } from '../http/errors';
import type { ForgeCaller, ForgeRepository } from '../types';
import { GitHubGraphqlError } from './GitHubGraphqlError';

/** `assertAccess` with GraphQL's errors. @throws GitHubGraphqlError */
export function assertGraphqlAccess(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  permission: string,
  wanted: 'read' | 'write',
): void {
  try {
    assertAccess(forge, caller, repository, permission, wanted);
  } catch (error) {
    throw error instanceof ApiError
      ? new GitHubGraphqlError(
          error.status === 404 ? 'NOT_FOUND' : 'FORBIDDEN',
          error.status === 404
            ? `Could not resolve to a Repository with the name '${repository.fullName}'.`
            : error.message,
        )
      : error;
  }
}
