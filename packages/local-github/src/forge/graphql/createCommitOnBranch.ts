// SPDX-License-Identifier: Apache-2.0
import { commitChanges } from '../commitChanges';
import { noreplySignature } from '../signatures';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { readCommit } from '../git/commits';
import { readRef, StaleRefError } from '../git/refs';
import { ApiError } from '../http/errors';
import { isRefName, isSha, isTreePath } from '../names';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { ForgeCaller } from '../types';
import { assertGraphqlAccess } from './assertGraphqlAccess';
import { GitHubGraphqlError } from './GitHubGraphqlError';
import { commitNode, findRef } from './objects';

export interface CreateCommitOnBranchInput {
  branch: {
    id?: string | null;
    repositoryNameWithOwner?: string | null;
    branchName?: string | null;
  };
  message: { headline: string; body?: string | null };
  fileChanges?: {
    additions?: { path: string; contents: string }[] | null;
    deletions?: { path: string }[] | null;
  } | null;
  expectedHeadOid: string;
  clientMutationId?: string | null;
}

function findBranch(
  forge: Forge,
  branch: CreateCommitOnBranchInput['branch'],
): { repository?: RepositoryRecord; name: string } {
  if (branch.id) {
    const [, id, ref] =
      /^0:Ref:(\d+):refs\/heads\/(.+)$/.exec(
        Buffer.from(branch.id, 'base64').toString('utf8'),
      ) ?? [];
    return {
      repository: id ? forge.repositories.findById(Number(id)) : undefined,
      name: ref ?? '',
    };
  }
  const [owner, name] = (branch.repositoryNameWithOwner ?? '').split('/');
  return {
    repository: name ? forge.repositories.find(owner, name) : undefined,
    name: (branch.branchName ?? '').replace(/^refs\/heads\//, ''),
  };
}

function authorize(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: RepositoryRecord | undefined,
  input: CreateCommitOnBranchInput,
): RepositoryRecord {
  if (!repository) {
    throw new GitHubGraphqlError(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${input.branch.repositoryNameWithOwner ?? ''}'.`,
    );
  }
  assertGraphqlAccess(forge, caller, repository, 'contents', 'write');
  return repository;
}

function readChanges(input: CreateCommitOnBranchInput) {
  const additions = input.fileChanges?.additions ?? [];
  const deletions = input.fileChanges?.deletions ?? [];
  for (const { path } of [...additions, ...deletions]) {
    if (!isTreePath(path)) {
      throw new GitHubGraphqlError(
        'UNPROCESSABLE',
        `A path was requested for addition or deletion that is malformed: ${path}`,
      );
    }
  }
  const named = [...additions, ...deletions].map(({ path }) => path);
  if (new Set(named).size < named.length) {
    throw new GitHubGraphqlError(
      'UNPROCESSABLE',
      'A path may be named only once in fileChanges',
    );
  }
  return {
    deletions,
    additions: additions.map(({ path, contents }) => {
      if (!/^[A-Za-z0-9+/\s]*(?:={1,2}\s*)?$/.test(contents)) {
        throw new GitHubGraphqlError(
          'UNPROCESSABLE',
          `The contents of ${path} are not valid Base64`,
        );
      }
      return { path, content: Buffer.from(contents, 'base64') };
    }),
  };
}

/** GitHub's mutation: one commit, made only if the branch's head is still the expected one. */
export async function createCommitOnBranch(
  forge: Forge,
  caller: ForgeCaller | undefined,
  input: CreateCommitOnBranchInput,
) {
  const found = findBranch(forge, input.branch);
  const repository = authorize(forge, caller, found.repository, input);
  const branch = found.name;
  const ref = `refs/heads/${branch}`;
  const head = isRefName(branch)
    ? await readRef(repository.gitDir, ref)
    : undefined;
  if (!head) {
    throw new GitHubGraphqlError(
      'NOT_FOUND',
      `No ref named ${branch} was found in ${repository.fullName}.`,
    );
  }
  const stale = new GitHubGraphqlError(
    'STALE_DATA',
    `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`,
  );
  if (!isSha(input.expectedHeadOid) || head !== input.expectedHeadOid) {
    throw stale;
  }
  const changes = readChanges(input);
  const login = caller?.login ?? '';
  const signature = noreplySignature(login);
  const { headline, body } = input.message;
  try {
    const sha = await commitChanges(forge, repository, {
      branch,
      head,
      changes,
      message: body ? `${headline}\n\n${body}` : headline,
      author: signature,
      committer: signature,
      sender: login,
    });
    return {
      clientMutationId: input.clientMutationId,
      commit: commitNode(
        forge,
        repository,
        await readCommit(repository.gitDir, sha),
      ),
      ref: {
        ...(await findRef(forge, caller, repository, ref)),
        id: nodeId('Ref', `${repository.id}:${ref}`),
      },
    };
  } catch (error) {
    if (error instanceof ApiError) {
      throw new GitHubGraphqlError('FORBIDDEN', error.message);
    }
    throw error instanceof StaleRefError ? stale : error;
  }
}
