// SPDX-License-Identifier: Apache-2.0
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { isEmptyRepository } from '../git/refs';
import type { ForgeCaller } from '../types';
import { assertGraphqlAccess } from './assertGraphqlAccess';
import { findObject, findRef } from './objects';

/** A repository, as far as the caller may see it; null otherwise. */
export function repositoryNode(
  forge: Forge,
  caller: ForgeCaller,
  owner: string,
  name: string,
) {
  const repository = forge.repositories.find(owner, name);
  if (!repository || forge.access.level(caller, repository) === 'none') {
    return null;
  }
  const readable = () => {
    assertGraphqlAccess(forge, caller, repository, 'contents', 'read');
    return repository;
  };
  return {
    __typename: 'Repository',
    id: nodeId('Repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    description: repository.description,
    url: `${forge.urls.web}/${repository.fullName}`,
    isArchived: repository.archived,
    isEmpty: () => isEmptyRepository(repository.gitDir),
    isPrivate: repository.private,
    defaultBranchRef: () =>
      findRef(
        forge,
        caller,
        readable(),
        `refs/heads/${repository.defaultBranch}`,
      ),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      findRef(forge, caller, readable(), qualifiedName),
    object: (args: { expression?: string | null; oid?: string | null }) =>
      findObject(forge, readable(), args),
  };
}
