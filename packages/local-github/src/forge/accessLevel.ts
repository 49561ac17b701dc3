// SPDX-License-Identifier: Apache-2.0
import type { AccountStore } from './stores/AccountStore';
import {
  levelOfPermission,
  type CollaboratorStore,
} from './stores/CollaboratorStore';
import type { AccessLevel, ForgeCaller, ForgeRepository } from './types';

const ORDER: AccessLevel[] = ['none', 'read', 'write', 'admin'];

function stronger(a: AccessLevel, b: AccessLevel): AccessLevel {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/**
 * What a caller may do with a repository: everybody reads what is public; members of an organisation (all users are)
 * write to its repositories; the owner and the site admin own; collaborators get what they were given.
 * A job's token writes to its own repository, within its permissions.
 */
export function accessLevel(
  stores: {
    accounts: AccountStore;
    collaborators: CollaboratorStore;
  },
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
): AccessLevel {
  const anonymous: AccessLevel = repository.private ? 'none' : 'read';
  if (!caller) {
    return anonymous;
  }
  if (caller.repositoryId !== undefined) {
    return caller.repositoryId === repository.id ? 'write' : anonymous;
  }
  if (
    stores.accounts.isSiteAdmin(caller.login) ||
    caller.login.toLowerCase() === repository.owner.toLowerCase()
  ) {
    return 'admin';
  }
  const isMember =
    stores.accounts.find(repository.owner)?.type === 'Organization' &&
    stores.accounts.find(caller.login) !== undefined;
  const granted = stores.collaborators.permissionOf(
    repository.id,
    caller.login,
  );
  return stronger(
    isMember ? 'write' : anonymous,
    granted === undefined ? 'none' : levelOfPermission(granted),
  );
}
