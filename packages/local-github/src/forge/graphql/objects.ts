// SPDX-License-Identifier: Apache-2.0
import { assertGraphqlAccess } from './assertGraphqlAccess';
import { nodeId, timestamp } from '../database';
import type { Forge } from '../Forge';
import { readCommit, type Commit } from '../git/commits';
import { readRef, resolveCommit } from '../git/refs';
import {
  findEntry,
  listTree,
  readBlob,
  statObject,
  type TreeEntry,
} from '../git/trees';
import { isSha, isTreePath } from '../names';
import type { ForgeCaller, ForgeRepository } from '../types';
import {
  associatedPullRequests,
  type PullRequestArguments,
} from './associatedPullRequests';
import { connection, type ConnectionArguments } from './connection';

// GitHub gives no text for a blob larger than this.
const MAX_TEXT = 512_000;

function gitObject(
  forge: Forge,
  repository: ForgeRepository,
  type: string,
  oid: string,
) {
  return {
    __typename: type,
    id: nodeId(type, oid),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    commitUrl: `${forge.urls.web}/${repository.fullName}/commit/${oid}`,
  };
}

function treeEntryNode(
  forge: Forge,
  repository: ForgeRepository,
  entry: TreeEntry,
  path: string,
) {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    mode: Number.parseInt(entry.mode, 8),
    oid: entry.sha,
    type: entry.type,
    // What it is is known already: each look-up is a process.
    object: () =>
      entry.type === 'blob'
        ? blobNode(forge, repository, entry.sha, entry.size ?? 0)
        : objectNode(forge, repository, entry.sha, path),
  };
}

function treeNode(
  forge: Forge,
  repository: ForgeRepository,
  oid: string,
  path = '',
) {
  return {
    ...gitObject(forge, repository, 'Tree', oid),
    entries: async () =>
      (await listTree(repository.gitDir, oid)).map(entry =>
        treeEntryNode(
          forge,
          repository,
          entry,
          path ? `${path}/${entry.path}` : entry.path,
        ),
      ),
  };
}

async function blobNode(
  forge: Forge,
  repository: ForgeRepository,
  oid: string,
  size: number,
) {
  const content = await readBlob(repository.gitDir, oid);
  const isBinary = content.subarray(0, 8000).includes(0);
  return {
    ...gitObject(forge, repository, 'Blob', oid),
    byteSize: size,
    isBinary,
    text: isBinary || size > MAX_TEXT ? null : content.toString('utf8'),
  };
}

export function commitNode(
  forge: Forge,
  repository: ForgeRepository,
  commit: Commit,
) {
  const [headline, ...rest] = commit.message.split('\n');
  const date = (value: string) => timestamp(new Date(value));
  return {
    ...gitObject(forge, repository, 'Commit', commit.sha),
    url: `${forge.urls.web}/${repository.fullName}/commit/${commit.sha}`,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    committedDate: date(commit.committer.date),
    authoredDate: date(commit.author.date),
    author: { ...commit.author, date: date(commit.author.date) },
    committer: { ...commit.committer, date: date(commit.committer.date) },
    tree: () => treeNode(forge, repository, commit.tree),
    file: async ({ path }: { path: string }) => {
      const entry = isTreePath(path)
        ? await findEntry(repository.gitDir, commit.sha, path)
        : undefined;
      return entry ? treeEntryNode(forge, repository, entry, path) : null;
    },
    // A commit's parents are commits: without its type this one would refer to itself.
    parents: async (args: ConnectionArguments): Promise<object> =>
      connection(
        await Promise.all(
          commit.parents.map(async sha =>
            commitNode(
              forge,
              repository,
              await readCommit(repository.gitDir, sha),
            ),
          ),
        ),
        args,
      ),
  };
}

/** The object of an id, as the GraphQL type that it is; tags are followed to their commit. */
async function objectNode(
  forge: Forge,
  repository: ForgeRepository,
  oid: string,
  path = '',
) {
  const object = await statObject(repository.gitDir, oid);
  switch (object?.type) {
    case 'tree':
      return treeNode(forge, repository, oid, path);
    case 'blob':
      return blobNode(forge, repository, oid, object.size);
    case 'commit':
    case 'tag': {
      const commit = await readCommit(repository.gitDir, oid);
      return commitNode(forge, repository, commit);
    }
    default:
      return null;
  }
}

/** `object(expression:)`: a ref, or `ref:path`. */
export async function findObject(
  forge: Forge,
  repository: ForgeRepository,
  args: { expression?: string | null; oid?: string | null },
) {
  if (args.oid) {
    return isSha(args.oid) ? objectNode(forge, repository, args.oid) : null;
  }
  const expression = args.expression ?? 'HEAD';
  const colon = expression.indexOf(':');
  const ref = colon < 0 ? expression : expression.slice(0, colon);
  const commit = await resolveCommit(repository.gitDir, ref || 'HEAD');
  if (!commit) {
    return null;
  }
  if (colon < 0) {
    return objectNode(forge, repository, commit);
  }
  const path = expression.slice(colon + 1);
  const entry = await findEntry(repository.gitDir, commit, path);
  return entry ? objectNode(forge, repository, entry.sha, path) : null;
}

/** A ref by its full name, or as GitHub also takes it, by the name of a branch. */
export async function findRef(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  name: string,
) {
  const candidates = name.startsWith('refs/')
    ? [name]
    : [`refs/heads/${name}`, `refs/tags/${name}`];
  for (const candidate of candidates) {
    const sha = await readRef(repository.gitDir, candidate);
    if (sha) {
      return refNode(forge, caller, repository, candidate, sha);
    }
  }
  return null;
}

function refNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  name: string,
  sha: string,
) {
  const prefix = name.replace(/^(refs\/[^/]+\/).*$/, '$1');
  return {
    __typename: 'Ref',
    id: nodeId('Ref', `${repository.id}:${name}`),
    name: name.slice(prefix.length),
    prefix,
    target: () => objectNode(forge, repository, sha),
    associatedPullRequests: (args: PullRequestArguments) => {
      assertGraphqlAccess(forge, caller, repository, 'pull_requests', 'read');
      return associatedPullRequests(forge, repository, name, args);
    },
  };
}
