// SPDX-License-Identifier: Apache-2.0
import { type Request } from 'express';
import type { Forge } from '../Forge';
import { countCommits, log, mergeBase, readCommit } from '../git/commits';
import { diffFiles, diffText, type FileDiff } from '../git/diffs';
import { isEmptyRepository, resolveCommit } from '../git/refs';
import { EMPTY_TREE } from '../git/trees';
import { ApiError, emptyRepository, notFound } from '../http/errors';
import { readPage, setLinkHeader } from '../http/pagination';
import { queryString } from '../http/route';
import { RouteTable } from '../http/RouteTable';
import { commit as serializeCommit, diffEntry } from '../serialize/commit';
import type { ForgeRepository } from '../types';

// GitHub's limits for one answer.
const MAX_FILES = 300;
const MAX_COMPARE_COMMITS = 250;

/** The commit that a request names, or GitHub's answer when there is none. */
export async function requireCommit(
  repository: ForgeRepository,
  ref: string,
): Promise<string> {
  const sha = await resolveCommit(repository.gitDir, ref);
  if (sha) {
    return sha;
  }
  if (await isEmptyRepository(repository.gitDir)) {
    throw emptyRepository();
  }
  throw new ApiError(422, `No commit found for SHA: ${ref}`);
}

function mediaType(req: Request): 'diff' | 'patch' | 'sha' | 'json' {
  const found = /application\/vnd\.github\.(?:v3\.)?(diff|patch|sha)/.exec(
    req.get('accept') ?? '',
  )?.[1];
  return found === 'diff' || found === 'patch' || found === 'sha'
    ? found
    : 'json';
}

function totals(files: FileDiff[]) {
  const sum = (key: 'additions' | 'deletions') =>
    files.reduce((total, file) => total + file[key], 0);
  const additions = sum('additions');
  const deletions = sum('deletions');
  return { additions, deletions, total: additions + deletions };
}

/** `commits` and `compare`. */
export function commitRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  routes.get('/commits', 'contents:read', async ({ repository, req, res }) => {
    const ref = queryString(req, 'sha') ?? repository.defaultBranch;
    const sha = await resolveCommit(repository.gitDir, ref);
    if (!sha) {
      throw (await isEmptyRepository(repository.gitDir))
        ? emptyRepository()
        : notFound();
    }
    const page = readPage(req);
    const commits = await log(repository.gitDir, [sha], {
      path: queryString(req, 'path'),
      author: queryString(req, 'author'),
      since: queryString(req, 'since'),
      until: queryString(req, 'until'),
      skip: page.offset,
      limit: page.size + 1,
    });
    setLinkHeader(req, res, page, { hasMore: commits.length > page.size });
    return commits
      .slice(0, page.size)
      .map(value => serializeCommit(forge, repository, value));
  });

  routes.get(
    '/commits/:ref(*)',
    'contents:read',
    async ({ repository, req, res }) => {
      const sha = await requireCommit(repository, req.params.ref);
      const value = await readCommit(repository.gitDir, sha);
      const from = value.parents[0] ?? EMPTY_TREE;
      const type = mediaType(req);
      if (type === 'sha') {
        res.type('application/vnd.github.sha').send(sha);
        return undefined;
      }
      if (type !== 'json') {
        res
          .type(`application/vnd.github.${type}`)
          .send(await diffText(repository.gitDir, from, sha, type));
        return undefined;
      }
      const files = await diffFiles(repository.gitDir, from, sha);
      const page = readPage(req);
      const size = req.query.per_page === undefined ? MAX_FILES : page.size;
      const offset = (page.number - 1) * size;
      res.setHeader('ETag', `"${sha}-${offset}-${size}"`);
      setLinkHeader(req, res, { ...page, size }, { total: files.length });
      return {
        ...serializeCommit(forge, repository, value),
        stats: totals(files),
        files: files
          .slice(offset, offset + size)
          .map(file => diffEntry(forge, repository, sha, file)),
      };
    },
  );

  routes.get(
    '/compare/:basehead(*)',
    'contents:read',
    async ({ repository, req, res }) => {
      const parts = req.params.basehead.split('...');
      if (parts.length !== 2) {
        throw notFound();
      }
      // `owner:branch` is the form for forks; here the owner can only be the repository's.
      const [baseName, headName] = parts.map(name =>
        name.startsWith(`${repository.owner}:`)
          ? name.slice(repository.owner.length + 1)
          : name,
      );
      const base = await resolveCommit(repository.gitDir, baseName);
      const head = await resolveCommit(repository.gitDir, headName);
      if (!base || !head) {
        throw notFound();
      }
      const { gitDir } = repository;
      const common = await mergeBase(gitDir, base, head);
      if (!common) {
        throw new ApiError(
          404,
          `No common ancestor between ${baseName} and ${headName}.`,
        );
      }
      const type = mediaType(req);
      if (type === 'diff' || type === 'patch') {
        res
          .type(`application/vnd.github.${type}`)
          .send(await diffText(gitDir, common, head, type));
        return undefined;
      }
      const ahead = await countCommits(gitDir, head, [base]);
      const behind = await countCommits(gitDir, base, [head]);
      const commits = await log(gitDir, [head], {
        not: [base],
        oldestFirst: true,
      });
      const files = await diffFiles(gitDir, common, head);
      let status = 'identical';
      if (ahead > 0 && behind > 0) {
        status = 'diverged';
      } else if (ahead > 0) {
        status = 'ahead';
      } else if (behind > 0) {
        status = 'behind';
      }
      const page = readPage(req);
      const size =
        req.query.per_page === undefined ? MAX_COMPARE_COMMITS : page.size;
      setLinkHeader(req, res, { ...page, size }, { total: commits.length });
      const offset = (page.number - 1) * size;
      const url = `${forge.urls.api}/repos/${repository.fullName}/compare/${baseName}...${headName}`;
      const web = `${forge.urls.web}/${repository.fullName}/compare`;
      const serialize = async (sha: string) =>
        serializeCommit(forge, repository, await readCommit(gitDir, sha));
      return {
        url,
        html_url: `${web}/${baseName}...${headName}`,
        permalink_url: `${web}/${repository.owner}:${base.slice(0, 7)}...${repository.owner}:${head.slice(0, 7)}`,
        diff_url: `${web}/${baseName}...${headName}.diff`,
        patch_url: `${web}/${baseName}...${headName}.patch`,
        base_commit: await serialize(base),
        merge_base_commit: await serialize(common),
        status,
        ahead_by: ahead,
        behind_by: behind,
        total_commits: commits.length,
        commits: commits
          .slice(offset, offset + size)
          .map(value => serializeCommit(forge, repository, value)),
        files: files
          .slice(0, MAX_FILES)
          .map(file => diffEntry(forge, repository, head, file)),
      };
    },
  );

  return routes;
}
