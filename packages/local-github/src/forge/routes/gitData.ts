// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { readCommit, writeCommit } from '../git/commits';
import { isEmptyRepository, resolveCommit } from '../git/refs';
import {
  listTree,
  readBlob,
  statObject,
  writeBlob,
  writeTree,
} from '../git/trees';
import {
  ApiError,
  emptyRepository,
  notFound,
  validationFailed,
} from '../http/errors';
import { queryString } from '../http/route';
import { bodyOf, RouteTable } from '../http/RouteTable';
import { isSha, isTreePath } from '../names';
import { gitCommit } from '../serialize/commit';
import { noreplySignature, personSchema, signatureOf } from '../signatures';
import type { ForgeRepository } from '../types';

// GitHub cuts a recursive tree at this many entries.
const MAX_ENTRIES = 100_000;

const sha = z.string().refine(isSha, 'must be a full SHA-1');

const treeBody = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z
        .string()
        .refine(isTreePath, 'tree.path contains a malformed path component'),
      mode: z
        .enum(['100644', '100755', '040000', '160000', '120000'])
        .default('100644'),
      type: z.enum(['blob', 'tree', 'commit']).optional(),
      sha: sha.nullable().optional(),
      content: z.string().optional(),
    }),
  ),
});

const commitBody = z.object({
  message: z.string(),
  tree: sha,
  parents: z.array(sha).default([]),
  author: personSchema.nullish(),
  committer: personSchema.nullish(),
});

/** The object of this id and type, or GitHub's answer when there is none. */
async function requireObject(
  repository: ForgeRepository,
  id: string,
  type: string,
) {
  if (!isSha(id)) {
    throw new ApiError(
      422,
      'The sha parameter must be exactly 40 characters and contain only [0-9a-f].',
    );
  }
  const object = await statObject(repository.gitDir, id);
  if (object?.type !== type) {
    throw notFound();
  }
  return object;
}

/** The Git database API: blobs, trees and commits; refs and tag objects have files of their own. */
export function gitDataRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);
  const apiUrl = (repository: ForgeRepository) =>
    `${forge.urls.api}/repos/${repository.fullName}`;

  routes.get(
    '/git/blobs/:sha',
    'contents:read',
    async ({ repository, req, res }) => {
      const id = req.params.sha;
      const { size } = await requireObject(repository, id, 'blob');
      const content = await readBlob(repository.gitDir, id);
      res.setHeader('ETag', `"${id}"`);
      if (/vnd\.github\.(v3\.)?raw/.test(req.get('accept') ?? '')) {
        res.setHeader(
          'Content-Type',
          'application/vnd.github.raw; charset=utf-8',
        );
        res.send(content);
        return undefined;
      }
      return {
        sha: id,
        node_id: nodeId('Blob', id),
        size,
        url: `${apiUrl(repository)}/git/blobs/${id}`,
        content: content.toString('base64'),
        encoding: 'base64',
      };
    },
  );

  routes.post(
    '/git/blobs',
    'contents:write',
    bodyOf(
      'Blob',
      z.object({
        content: z.string(),
        encoding: z.enum(['utf-8', 'base64']).default('utf-8'),
      }),
    ),
    async ({ repository, input, res }) => {
      if (await isEmptyRepository(repository.gitDir)) {
        throw emptyRepository();
      }
      const id = await writeBlob(
        repository.gitDir,
        Buffer.from(
          input.content,
          input.encoding === 'base64' ? 'base64' : 'utf8',
        ),
      );
      const url = `${apiUrl(repository)}/git/blobs/${id}`;
      res.status(201).location(url).json({ url, sha: id });
    },
  );

  const treeBodyOf = async (
    repository: ForgeRepository,
    id: string,
    recursive: boolean,
  ) => {
    const entries = await listTree(repository.gitDir, id, { recursive });
    return {
      sha: id,
      url: `${apiUrl(repository)}/git/trees/${id}`,
      tree: entries.slice(0, MAX_ENTRIES).map(entry => ({
        path: entry.path,
        mode: entry.mode,
        type: entry.type,
        sha: entry.sha,
        ...(entry.size !== undefined && { size: entry.size }),
        ...(entry.type !== 'commit' && {
          url: `${apiUrl(repository)}/git/${entry.type}s/${entry.sha}`,
        }),
      })),
      truncated: entries.length > MAX_ENTRIES,
    };
  };

  routes.get(
    '/git/trees/:sha(*)',
    'contents:read',
    async ({ repository, req }) => {
      const name = req.params.sha;
      let id: string | undefined;
      if (isSha(name)) {
        const object = await statObject(repository.gitDir, name);
        id = object?.type === 'tree' ? name : undefined;
      }
      if (!id) {
        const commit = await resolveCommit(repository.gitDir, name);
        id = commit && (await readCommit(repository.gitDir, commit)).tree;
      }
      if (!id) {
        throw (await isEmptyRepository(repository.gitDir))
          ? emptyRepository()
          : notFound();
      }
      // Any value asks for it, even "0" and "false".
      const recursive = queryString(req, 'recursive') !== undefined;
      return await treeBodyOf(repository, id, recursive);
    },
  );

  routes.post(
    '/git/trees',
    'contents:write',
    bodyOf('Tree', treeBody),
    async ({ repository, input, res }) => {
      if (await isEmptyRepository(repository.gitDir)) {
        throw emptyRepository();
      }
      if (input.base_tree !== undefined) {
        const base = isSha(input.base_tree)
          ? await statObject(repository.gitDir, input.base_tree)
          : undefined;
        if (base?.type !== 'tree' && base?.type !== 'commit') {
          throw new ApiError(404, 'base_tree is not a valid tree oid');
        }
      }
      const changes = [];
      for (const entry of input.tree) {
        if (entry.sha === undefined && entry.content === undefined) {
          throw new ApiError(
            422,
            `tree.sha or tree.content is missing for ${entry.path}`,
          );
        }
        if (entry.sha && entry.mode !== '160000') {
          const object = await statObject(repository.gitDir, entry.sha);
          if (object?.type !== (entry.mode === '040000' ? 'tree' : 'blob')) {
            throw new ApiError(
              422,
              `tree.sha ${entry.sha} is not a valid ${entry.mode === '040000' ? 'tree' : 'blob'}`,
            );
          }
        }
        changes.push({
          path: entry.path,
          mode: entry.mode,
          sha:
            entry.content === undefined
              ? (entry.sha ?? null)
              : await writeBlob(repository.gitDir, Buffer.from(entry.content)),
        });
      }
      const id = await writeTree(repository.gitDir, input.base_tree, changes);
      res
        .status(201)
        .location(`${apiUrl(repository)}/git/trees/${id}`)
        .json(await treeBodyOf(repository, id, false));
    },
  );

  routes.get(
    '/git/commits/:sha',
    'contents:read',
    async ({ repository, req }) => {
      await requireObject(repository, req.params.sha, 'commit');
      const value = await readCommit(repository.gitDir, req.params.sha);
      return gitCommit(forge, repository, value);
    },
  );

  routes.post(
    '/git/commits',
    'contents:write',
    bodyOf('Commit', commitBody),
    async ({ repository, caller, input, res }) => {
      if (await isEmptyRepository(repository.gitDir)) {
        throw emptyRepository();
      }
      for (const [type, ids] of [
        ['tree', [input.tree]],
        ['commit', input.parents],
      ] as const) {
        for (const id of ids) {
          if ((await statObject(repository.gitDir, id))?.type !== type) {
            throw validationFailed({
              resource: 'Commit',
              field: type === 'tree' ? 'tree' : 'parents',
              code: 'invalid',
              message: `${id} is not a ${type} of this repository`,
            });
          }
        }
      }
      const author = signatureOf(input.author, noreplySignature(caller.login));
      const id = await writeCommit(repository.gitDir, {
        tree: input.tree,
        parents: input.parents,
        message: input.message,
        author,
        committer: signatureOf(input.committer, author),
      });
      const value = await readCommit(repository.gitDir, id);
      res
        .status(201)
        .location(`${apiUrl(repository)}/git/commits/${id}`)
        .json(gitCommit(forge, repository, value));
    },
  );

  return routes;
}
