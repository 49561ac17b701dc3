import { Router, type Request, type Response } from 'express';
import type { Forge } from '../Forge';
import { isAncestor, log } from '../git/commits';
import { diffFiles, diffText } from '../git/diffs';
import { EMPTY_TREE } from '../git/trees';
import { findRepository } from '../http/access';
import { notFound } from '../http/errors';
import { paginate, readPage, setLinkHeader } from '../http/pagination';
import { numberParam, queryString, route } from '../http/route';
import { pullBase } from '../pullRequests';
import { commit as serializeCommit, diffEntry } from '../serialize/commit';
import { fullPull, simplePull } from '../serialize/pull';
import type { Issue } from '../stores/IssueStore';
import type { ForgeRepository } from '../types';
import { requireCommit } from './commits';

/** The pull request of `:number`, for a caller who may do this with it. */
export function findPull(
  forge: Forge,
  req: Request,
  res: Response,
  permission: string,
  wanted: 'read' | 'write',
): { repository: ForgeRepository; issue: Issue } {
  const repository = findRepository(forge, req, res, permission, wanted);
  const number = numberParam(req, 'number') ?? 0;
  const issue = forge.issues.find(repository.id, number);
  if (!issue?.is_pull) {
    throw notFound();
  }
  return { repository, issue };
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
export function pullListRoutes(forge: Forge): Router {
  const router = Router();

  router.get(
    '/repos/:owner/:repo/pulls',
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'pull_requests',
        'read',
      );
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
      res.json(
        paginate(req, res, matching).map(issue =>
          simplePull(forge, repository, issue),
        ),
      );
    }),
  );

  router.get(
    '/repos/:owner/:repo/pulls/:number(\\d+)',
    route(async (req, res) => {
      const { repository, issue } = findPull(
        forge,
        req,
        res,
        'pull_requests',
        'read',
      );
      const format = /application\/vnd\.github\.(?:v3\.)?(diff|patch)/.exec(
        req.get('accept') ?? '',
      )?.[1];
      if (format === 'diff' || format === 'patch') {
        const pull = forge.pulls.get(issue.id);
        const base = await pullBase(repository, pull);
        res
          .type(`application/vnd.github.${format}`)
          .send(await diffText(repository.gitDir, base, pull.head_sha, format));
        return;
      }
      res.json(await fullPull(forge, repository, issue));
    }),
  );

  router.get(
    '/repos/:owner/:repo/pulls/:number(\\d+)/commits',
    route(async (req, res) => {
      const { repository, issue } = findPull(
        forge,
        req,
        res,
        'pull_requests',
        'read',
      );
      const pull = forge.pulls.get(issue.id);
      const page = readPage(req);
      const commits = await log(repository.gitDir, [pull.head_sha], {
        not: [await pullBase(repository, pull)],
        oldestFirst: true,
      });
      setLinkHeader(req, res, page, { total: commits.length });
      res.json(
        commits
          .slice(page.offset, page.offset + page.size)
          .map(value => serializeCommit(forge, repository, value)),
      );
    }),
  );

  router.get(
    '/repos/:owner/:repo/pulls/:number(\\d+)/files',
    route(async (req, res) => {
      const { repository, issue } = findPull(
        forge,
        req,
        res,
        'pull_requests',
        'read',
      );
      const pull = forge.pulls.get(issue.id);
      const base = await pullBase(repository, pull);
      const files = await diffFiles(repository.gitDir, base, pull.head_sha);
      res.json(
        paginate(req, res, files).map(file =>
          diffEntry(forge, repository, pull.head_sha, file),
        ),
      );
    }),
  );

  router.get(
    '/repos/:owner/:repo/commits/:sha/pulls',
    route(async (req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'pull_requests',
        'read',
      );
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
      res.json(
        paginate(req, res, matching).map(issue =>
          simplePull(forge, repository, issue),
        ),
      );
    }),
  );

  return router;
}
