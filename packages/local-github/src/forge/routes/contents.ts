// SPDX-License-Identifier: Apache-2.0
import { type Request } from 'express';
import { z } from 'zod';
import { commitChanges } from '../commitChanges';
import type { Forge } from '../Forge';
import { readCommit } from '../git/commits';
import {
  isEmptyRepository,
  readRef,
  resolveCommit,
  StaleRefError,
} from '../git/refs';
import { findEntry, listTree, readBlob, type TreeEntry } from '../git/trees';
import { ApiError, notFound } from '../http/errors';
import { queryString } from '../http/route';
import { bodyOf, RouteTable, type Behind } from '../http/RouteTable';
import { isRefName, isTreePath } from '../names';
import { gitCommit } from '../serialize/commit';
import { contentEntry } from '../serialize/content';
import { noreplySignature, personSchema, signatureOf } from '../signatures';
import type { ForgeRepository } from '../types';

type Reading = Pick<
  Behind<'contents:read', ForgeRepository>,
  'repository' | 'req' | 'res'
>;

// GitHub's limits: beyond the first the JSON form has no content, beyond the second only git has it.
const MAX_INLINE = 1024 * 1024;
const MAX_FILE = 100 * 1024 * 1024;

const writeBody = z.object({
  message: z.string().min(1),
  branch: z.string().optional(),
  sha: z.string().optional(),
  committer: personSchema.nullish(),
  author: personSchema.nullish(),
});

const base64 = z
  .string()
  .refine(
    value => /^[A-Za-z0-9+/\s]*(?:={1,2}\s*)?$/.test(value),
    'content is not valid Base64',
  );

function mediaType(req: Request): 'raw' | 'object' | 'json' {
  const accept = req.get('accept') ?? '';
  if (/application\/vnd\.github\.(v3\.)?raw/.test(accept)) {
    return 'raw';
  }
  return /application\/vnd\.github\.(v3\.)?object/.test(accept)
    ? 'object'
    : 'json';
}

async function fileBody(
  forge: Forge,
  repository: ForgeRepository,
  ref: string,
  entry: TreeEntry,
) {
  const base = contentEntry(forge, repository, ref, entry);
  if (entry.type === 'commit') {
    return { ...base, submodule_git_url: null };
  }
  const content = await readBlob(repository.gitDir, entry.sha);
  if (entry.mode === '120000') {
    return { ...base, target: content.toString('utf8') };
  }
  const isInline = content.length <= MAX_INLINE;
  return {
    ...base,
    content: isInline
      ? content
          .toString('base64')
          .replace(/.{60}/g, '$&\n')
          .replace(/([^\n])$/, '$1\n')
      : '',
    encoding: isInline ? 'base64' : 'none',
  };
}

/** Reading and writing files and directories. */
export function contentRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const read = async ({ repository, req, res }: Reading) => {
    const path = (req.params[0] ?? '').replace(/^\/+|(?<!\/)\/+$/g, '');
    const ref = queryString(req, 'ref') ?? repository.defaultBranch;
    const commit = await resolveCommit(repository.gitDir, ref);
    if (!commit) {
      throw new ApiError(
        404,
        (await isEmptyRepository(repository.gitDir))
          ? 'This repository is empty.'
          : `No commit found for the ref ${ref}`,
      );
    }
    const entry = await findEntry(repository.gitDir, commit, path);
    if (!entry) {
      throw notFound();
    }
    const type = mediaType(req);
    res.setHeader('ETag', `"${entry.sha}${type === 'json' ? '' : `-${type}`}"`);
    if (entry.type === 'tree') {
      const children = await listTree(repository.gitDir, entry.sha);
      const entries = children
        .map(child => ({
          ...child,
          path: path ? `${path}/${child.path}` : child.path,
        }))
        .map(child => contentEntry(forge, repository, ref, child));
      res.json(
        type === 'object'
          ? { ...contentEntry(forge, repository, ref, entry), entries }
          : entries,
      );
      return;
    }
    if ((entry.size ?? 0) > MAX_FILE) {
      throw new ApiError(
        403,
        'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.',
      );
    }
    if (type === 'raw') {
      const content = await readBlob(repository.gitDir, entry.sha);
      res.setHeader(
        'Content-Type',
        'application/vnd.github.raw; charset=utf-8',
      );
      res.send(content);
      return;
    }
    res.json(await fileBody(forge, repository, ref, entry));
  };

  /** Where a write goes: the branch, its head, and what is at the path now. */
  const locate = async (
    repository: ForgeRepository,
    path: string,
    branchName: string | undefined,
  ) => {
    if (!isTreePath(path)) {
      throw new ApiError(422, 'path contains a malformed path component');
    }
    const branch = branchName ?? repository.defaultBranch;
    if (!isRefName(branch)) {
      throw new ApiError(404, `Branch ${branch} not found`);
    }
    const head = await readRef(repository.gitDir, `refs/heads/${branch}`);
    if (!head && !(await isEmptyRepository(repository.gitDir))) {
      throw new ApiError(404, `Branch ${branch} not found`);
    }
    const existing = head
      ? await findEntry(repository.gitDir, head, path)
      : undefined;
    return { branch, head, existing };
  };

  const conflict = (error: unknown): never => {
    throw error instanceof StaleRefError
      ? new ApiError(409, error.message)
      : error;
  };

  routes.get(['/contents', '/contents/*'], 'contents:read', read);

  routes.get('/readme', 'contents:read', async ({ repository, req, res }) => {
    const ref = queryString(req, 'ref') ?? repository.defaultBranch;
    const commit = await resolveCommit(repository.gitDir, ref);
    const entries = commit ? await listTree(repository.gitDir, commit) : [];
    const readme = entries.find(
      ({ path, type }) => type === 'blob' && /^readme(\.|$)/i.test(path),
    );
    if (!readme) {
      throw notFound();
    }
    req.params[0] = readme.path;
    await read({ repository, req, res });
  });

  routes.put(
    '/contents/*',
    'contents:write',
    bodyOf('Commit', writeBody.extend({ content: base64 })),
    async ({ repository, caller, input, req, res }) => {
      const path = req.params[0];
      await forge.withLock(repository, async () => {
        const { branch, head, existing } = await locate(
          repository,
          path,
          input.branch,
        );
        if (existing?.type === 'tree') {
          throw new ApiError(422, 'path is a directory');
        }
        if (existing && !input.sha) {
          throw new ApiError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
        }
        if (input.sha && existing?.sha !== input.sha) {
          throw new ApiError(409, `${path} does not match ${input.sha}`);
        }
        const author = signatureOf(
          input.author ?? input.committer,
          noreplySignature(caller.login),
        );
        const sha = await commitChanges(forge, repository, {
          branch,
          head,
          changes: {
            additions: [
              { path, content: Buffer.from(input.content, 'base64') },
            ],
            deletions: [],
          },
          message: input.message,
          author,
          committer: signatureOf(input.committer, author),
          sender: caller.login,
        }).catch(conflict);
        const entry = await findEntry(repository.gitDir, sha, path);
        res.status(existing ? 200 : 201).json({
          content: entry
            ? contentEntry(forge, repository, branch, entry)
            : null,
          commit: gitCommit(
            forge,
            repository,
            await readCommit(repository.gitDir, sha),
          ),
        });
      });
    },
  );

  routes.delete(
    '/contents/*',
    'contents:write',
    bodyOf('Commit', writeBody.extend({ sha: z.string() }), req => ({
      ...req.query,
      ...req.body,
    })),
    async ({ repository, caller, input, req, res }) => {
      const path = req.params[0];
      await forge.withLock(repository, async () => {
        const { branch, head, existing } = await locate(
          repository,
          path,
          input.branch,
        );
        if (!existing || existing.type === 'tree') {
          throw notFound();
        }
        if (existing.sha !== input.sha) {
          throw new ApiError(409, `${path} does not match ${input.sha}`);
        }
        const author = signatureOf(
          input.author ?? input.committer,
          noreplySignature(caller.login),
        );
        const sha = await commitChanges(forge, repository, {
          branch,
          head,
          changes: { additions: [], deletions: [{ path }] },
          message: input.message,
          author,
          committer: signatureOf(input.committer, author),
          sender: caller.login,
        }).catch(conflict);
        res.json({
          content: null,
          commit: gitCommit(
            forge,
            repository,
            await readCommit(repository.gitDir, sha),
          ),
        });
      });
    },
  );

  return routes;
}
