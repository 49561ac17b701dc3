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
import { repositoryNode } from './nodes';

// GitHub gives no text for a blob larger than this.
const MAX_TEXT = 512_000;

function gitObject(
  forge: Forge,
  caller: ForgeCaller | undefined,
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
    repository: () => repositoryNode(forge, caller, repository),
  };
}

function treeEntryNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
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
        ? blobNode(forge, caller, repository, entry.sha, entry.size ?? 0)
        : objectNode(forge, caller, repository, entry.sha, path),
  };
}

export function treeNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  oid: string,
  path = '',
) {
  return {
    ...gitObject(forge, caller, repository, 'Tree', oid),
    entries: async () =>
      (await listTree(repository.gitDir, oid)).map(entry =>
        treeEntryNode(
          forge,
          caller,
          repository,
          entry,
          path ? `${path}/${entry.path}` : entry.path,
        ),
      ),
  };
}

async function blobNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  oid: string,
  size: number,
) {
  const content = await readBlob(repository.gitDir, oid);
  const isBinary = content.subarray(0, 8000).includes(0);
  return {
    ...gitObject(forge, caller, repository, 'Blob', oid),
    byteSize: size,
    isBinary,
    text: isBinary || size > MAX_TEXT ? null : content.toString('utf8'),
  };
}

export function commitNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  commit: Commit,
) {
  const [headline, ...rest] = commit.message.split('\n');
  const date = (value: string) => timestamp(new Date(value));
  return {
    ...gitObject(forge, caller, repository, 'Commit', commit.sha),
    url: `${forge.urls.web}/${repository.fullName}/commit/${commit.sha}`,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    committedDate: date(commit.committer.date),
    authoredDate: date(commit.author.date),
    author: { ...commit.author, date: date(commit.author.date) },
    committer: { ...commit.committer, date: date(commit.committer.date) },
    tree: () => treeNode(forge, caller, repository, commit.tree),
    file: async ({ path }: { path: string }) => {
      const entry = isTreePath(path)
        ? await findEntry(repository.gitDir, commit.sha, path)
        : undefined;
      return entry
        ? treeEntryNode(forge, caller, repository, entry, path)
        : null;
    },
    // A commit's parents are commits: without its type this one would refer to itself.
    parents: async (args: ConnectionArguments): Promise<object> =>
      connection(
        await Promise.all(
          commit.parents.map(async sha =>
            commitNode(
              forge,
              caller,
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
export async function objectNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  oid: string,
  path = '',
) {
  const object = await statObject(repository.gitDir, oid);
  switch (object?.type) {
    case 'tree':
      return treeNode(forge, caller, repository, oid, path);
    case 'blob':
      return blobNode(forge, caller, repository, oid, object.size);
    case 'commit':
    case 'tag': {
      const commit = await readCommit(repository.gitDir, oid);
      return commitNode(forge, caller, repository, commit);
    }
    default:
      return null;
  }
}

/** `object(expression:)`: a ref, or `ref:path`. */
export async function findObject(
  forge: Forge,
  caller: ForgeCaller | undefined,
  repository: ForgeRepository,
  args: { expression?: string | null; oid?: string | null },
) {
  if (args.oid) {
    return isSha(args.oid)
      ? objectNode(forge, caller, repository, args.oid)
      : null;
  }
  const expression = args.expression ?? 'HEAD';
  const colon = expression.indexOf(':');
  const ref = colon < 0 ? expression : expression.slice(0, colon);
  const commit = await resolveCommit(repository.gitDir, ref || 'HEAD');
  if (!commit) {
    return null;
  }
  if (colon < 0) {
    return objectNode(forge, caller, repository, commit);
  }
  const path = expression.slice(colon + 1);
  const entry = await findEntry(repository.gitDir, commit, path);
  return entry ? objectNode(forge, caller, repository, entry.sha, path) : null;
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

export function refNode(
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
    repository: () => repositoryNode(forge, caller, repository),
    target: () => objectNode(forge, caller, repository, sha),
    associatedPullRequests: (args: PullRequestArguments) => {
      assertGraphqlAccess(forge, caller, repository, 'pull_requests', 'read');
      return associatedPullRequests(forge, repository, name, args);
    },
  };
}
