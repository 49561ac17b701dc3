// SPDX-License-Identifier: Apache-2.0
import type { Request, Response } from 'express';
import type {
  AccessLevel,
  ForgeCaller,
  ForgeContext,
  ForgeRepository,
} from '../types';
import { getCaller } from './authenticate';
import {
  ApiError,
  notAccessibleByIntegration,
  notFound,
  requiresAuthentication,
} from './errors';

const ORDER: AccessLevel[] = ['none', 'read', 'write', 'admin'];

/** Whether an access level is at least another. */
export function isAtLeast(actual: AccessLevel, wanted: AccessLevel): boolean {
  return ORDER.indexOf(actual) >= ORDER.indexOf(wanted);
}

/**
 * The rule for one request: who may not see the repository gets 404, who may not do this gets 401 (anonymous) or
 * 403, both in GitHub's words.
 *
 * @param permission - GitHub's name of the permission that a job's token needs, e.g. `contents`, `issues`,
 *   `pull_requests`, `statuses`, `actions`, `metadata`, `administration`
 */
export function assertAccess(
  context: Pick<ForgeContext, 'access'>,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  permission: string,
  wanted: 'read' | 'write' | 'admin',
): void {
  const level = context.access.level(caller, repository);
  if (level === 'none') {
    throw notFound();
  }
  if (!caller) {
    if (wanted !== 'read') {
      throw requiresAuthentication();
    }
    return;
  }
  if (wanted === 'write' && isArchived(repository)) {
    throw new ApiError(403, 'Repository was archived so is read-only.');
  }
  if (caller.repositoryId !== undefined) {
    assertIntegration(caller, repository, permission, wanted);
    return;
  }
  if (!isAtLeast(level, wanted)) {
    throw new ApiError(
      403,
      wanted === 'admin'
        ? 'Must have admin rights to Repository.'
        : 'Must have push access to repository',
    );
  }
}

function isArchived(repository: ForgeRepository): boolean {
  return 'archived' in repository && repository.archived === true;
}

function assertIntegration(
  caller: ForgeCaller,
  repository: ForgeRepository,
  permission: string,
  wanted: 'read' | 'write' | 'admin',
): void {
  const isOwn = caller.repositoryId === repository.id;
  if (wanted === 'read' && (!isOwn || permission === 'metadata')) {
    // Another repository is visible here only if it is public.
    return;
  }
  const dashed = permission.replaceAll('_', '-');
  const granted =
    caller.permissions?.[permission] ?? caller.permissions?.[dashed] ?? 'none';
  if (!isOwn || !isAtLeast(granted, wanted)) {
    throw notAccessibleByIntegration();
  }
}

/** What finds a repository and who may do what with it; forge's own has more about each than modules see. */
export interface RepositoryContext<R extends ForgeRepository> {
  access: ForgeContext['access'];
  repositories: { find(owner: string, name: string): R | undefined };
}

/** The repository of `:owner/:repo`, if the request's caller may do this with it. */
export function findRepository<R extends ForgeRepository>(
  context: RepositoryContext<R>,
  req: Request,
  res: Response,
  permission: string,
  wanted: 'read' | 'write' | 'admin',
): R {
  const { owner, repo } = req.params;
  const repository = context.repositories.find(owner, repo);
  if (!repository) {
    throw notFound();
  }
  assertAccess(context, getCaller(res), repository, permission, wanted);
  return repository;
}
