// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import type { Forge } from '../Forge';
import { resolveCommit } from '../git/refs';
import { assertAccess } from '../http/access';
import { notFound } from '../http/errors';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { ForgeCaller } from '../types';

/** The repository of a page, if the one who looks at it may read it. */
export function repositoryOf(
  forge: Forge,
  req: Request,
  caller: ForgeCaller | undefined = forge.webViewer,
): RepositoryRecord {
  const repository = forge.repositories.find(
    req.params.owner,
    req.params.repo.replace(/\.git$/i, ''),
  );
  if (!repository) {
    throw notFound();
  }
  assertAccess(forge, caller, repository, 'contents', 'read');
  return repository;
}

/** Splits `<ref>/<path>`: branch names may hold slashes, so the shortest prefix that is a ref counts. */
export async function splitRefAndPath(
  repository: RepositoryRecord,
  value: string,
): Promise<{ ref: string; commit: string; path: string }> {
  const parts = value.split('/').filter(Boolean);
  for (let length = 1; length <= Math.min(parts.length, 10); length++) {
    const ref = parts.slice(0, length).join('/');
    const commit = await resolveCommit(repository.gitDir, ref);
    if (commit) {
      return { ref, commit, path: parts.slice(length).join('/') };
    }
  }
  throw notFound();
}
