// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { isAncestor, log } from '../git/commits';
import { diffFiles, diffText } from '../git/diffs';
import { EMPTY_TREE } from '../git/trees';
import { notFound } from '../http/errors';
import { paginate, readPage, setLinkHeader } from '../http/pagination';
import { numberParam, queryString } from '../http/route';
import { guard, RouteTable } from '../http/RouteTable';
import { pullBase } from '../mergeability';
import { commit as serializeCommit, diffEntry } from '../serialize/commit';
import { fullPull, simplePull } from '../serialize/pull';
import type { Issue } from '../stores/IssueStore';
import type { ForgeRepository } from '../types';
import { requireCommit } from './commits';

/** The pull request of `:number`, for a caller who may do this with it. */
export function pullOf<D extends `${string}:${'read' | 'write'}`>(
  forge: Forge,
  right: D,
) {
  return guard(forge, right, ({ repository, req }) => {
    const number = numberParam(req, 'number') ?? 0;
    const issue = forge.issues.find(repository.id, number);
    if (!issue?.is_pull) {
      throw notFound();
    }
    return { issue };
  });
}

/** `branch` or `owner:branch`; a fork's owner is a branch that is not here. */
export function branchOf(repository: ForgeRepository, name: string) {
  const colon = name.indexOf(':');
  const owner = colon < 0 ? repository.owner : name.slice(0, colon);
  return owner.toLowerCase() === repository.owner.toLowerCase()
    ? name.slice(colon + 1)
    : undefined;
}

/** Reading pull requests: one, lists, their commits and files. */
export function pullListRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  routes.get('/pulls', 'pull_requests:read', ({ repository, req, res }) => {
    const state = queryString(req, 'state');
    const head = queryString(req, 'head');
    const headBranch = head && branchOf(repository, head);
    const base = queryString(req, 'base');
    const sort = queryString(req, 'sort');
    const { items } = forge.issues.list(
      repository.id,
      {
        isPull: true,
        state: state === 'closed' || state === 'all' ? state : 'open',
        sort: sort === 'updated' ? 'updated' : 'created',
        direction: queryString(req, 'direction') === 'asc' ? 'asc' : 'desc',
      },
      { size: -1, offset: 0 },
    );
    const matching = items.filter(({ id }) => {
      const pull = forge.pulls.get(id);
      return (
        (!head || pull.head_ref === headBranch) &&
        (!base || pull.base_ref === base)
      );
    });
    return paginate(req, res, matching).map(issue =>
      simplePull(forge, repository, issue),
    );
  });

  routes.get(
    '/pulls/:number(\\d+)',
    pullOf(forge, 'pull_requests:read'),
    async ({ repository, issue, req, res }) => {
      const format = /application\/vnd\.github\.(?:v3\.)?(diff|patch)/.exec(
        req.get('accept') ?? '',
      )?.[1];
      if (format === 'diff' || format === 'patch') {
        const pull = forge.pulls.get(issue.id);
        const base = await pullBase(repository, pull);
        res
          .type(`application/vnd.github.${format}`)
          .send(await diffText(repository.gitDir, base, pull.head_sha, format));
        return undefined;
      }
      return fullPull(forge, repository, issue);
    },
  );

  routes.get(
    '/pulls/:number(\\d+)/commits',
    pullOf(forge, 'pull_requests:read'),
    async ({ repository, issue, req, res }) => {
      const pull = forge.pulls.get(issue.id);
      const page = readPage(req);
      const commits = await log(repository.gitDir, [pull.head_sha], {
        not: [await pullBase(repository, pull)],
        oldestFirst: true,
      });
      setLinkHeader(req, res, page, { total: commits.length });
      return commits
        .slice(page.offset, page.offset + page.size)
        .map(value => serializeCommit(forge, repository, value));
    },
  );

  routes.get(
    '/pulls/:number(\\d+)/files',
    pullOf(forge, 'pull_requests:read'),
    async ({ repository, issue, req, res }) => {
      const pull = forge.pulls.get(issue.id);
      const base = await pullBase(repository, pull);
      const files = await diffFiles(repository.gitDir, base, pull.head_sha);
      return paginate(req, res, files).map(file =>
        diffEntry(forge, repository, pull.head_sha, file),
      );
    },
  );

  routes.get(
    '/commits/:sha/pulls',
    'pull_requests:read',
    async ({ repository, req, res }) => {
      const sha = await requireCommit(repository, req.params.sha);
      const { items } = forge.issues.list(
        repository.id,
        { isPull: true, state: 'all' },
        { size: -1, offset: 0 },
      );
      const matching: Issue[] = [];
      for (const issue of items) {
        const pull = forge.pulls.get(issue.id);
        const base = await pullBase(repository, pull);
        const { gitDir } = repository;
        const isOfPull =
          pull.merge_commit_sha === sha ||
          (base !== EMPTY_TREE &&
            (await isAncestor(gitDir, sha, pull.head_sha)) &&
            !(await isAncestor(gitDir, sha, base)));
        if (isOfPull) {
          matching.push(issue);
        }
      }
      return paginate(req, res, matching).map(issue =>
        simplePull(forge, repository, issue),
      );
    },
  );

  return routes;
}
