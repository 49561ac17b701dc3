// SPDX-License-Identifier: Apache-2.0
import { type Request } from 'express';
import { notFound } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { numberParam, queryString } from '../../forge/http/route';
import { RouteTable } from '../../forge/http/RouteTable';
import { resolveCommit } from '../../forge/git/refs';
import type { ForgeRepository } from '../../forge/types';
import { CheckSerializer } from '../serialize/CheckSerializer';
import { findJob } from './find';
import type { RunnerParts } from './RunnerParts';

/** Check runs (one per job) and check suites (one per run) of a commit. */
export function checkRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
  const { store } = parts.services;
  const serializer = new CheckSerializer(parts);

  const commitOf = async (repository: ForgeRepository, req: Request) => {
    const sha = await resolveCommit(repository.gitDir, req.params.ref);
    if (!sha) {
      throw notFound();
    }
    return sha;
  };

  routes.get(
    '/commits/:ref/check-runs',
    'checks:read',
    async ({ repository, req, res }) => {
      const sha = await commitOf(repository, req);
      const name = queryString(req, 'check_name');
      const status = queryString(req, 'status');
      const jobs = store.jobs
        .listByCommit(repository.id, sha)
        .filter(
          job =>
            (name === undefined || job.name === name) &&
            (status === undefined || job.status === status),
        );
      return {
        total_count: jobs.length,
        check_runs: paginate(req, res, jobs).map(job =>
          serializer.checkRun(repository, job),
        ),
      };
    },
  );

  routes.get(
    '/commits/:ref/check-suites',
    'checks:read',
    async ({ repository, req }) => {
      const { runs, total } = store.runs.list({
        repositoryId: repository.id,
        headSha: await commitOf(repository, req),
        limit: 100,
        offset: 0,
      });
      return {
        total_count: total,
        check_suites: await Promise.all(
          runs.map(run => serializer.checkSuite(repository, run)),
        ),
      };
    },
  );

  routes.get(
    '/check-suites/:id',
    'checks:read',
    async ({ repository, req }) => {
      const run = store.runs.find(numberParam(req, 'id') ?? 0);
      if (run?.repositoryId !== repository.id) {
        throw notFound();
      }
      return await serializer.checkSuite(repository, run);
    },
  );

  routes.get(
    '/check-suites/:id/check-runs',
    'checks:read',
    ({ repository, req, res }) => {
      const run = store.runs.find(numberParam(req, 'id') ?? 0);
      if (run?.repositoryId !== repository.id) {
        throw notFound();
      }
      const jobs = store.jobs.list(run.id, run.runAttempt);
      return {
        total_count: jobs.length,
        check_runs: paginate(req, res, jobs).map(job =>
          serializer.checkRun(repository, job),
        ),
      };
    },
  );

  routes.get('/check-runs/:id', 'checks:read', ({ repository, req }) => {
    const { job } = findJob(parts, repository, numberParam(req, 'id'));
    return serializer.checkRun(repository, job);
  });

  routes.get(
    '/check-runs/:id/annotations',
    'checks:read',
    ({ repository, req, res }) => {
      const { job, run } = findJob(parts, repository, numberParam(req, 'id'));
      return paginate(req, res, store.jobs.annotations(job)).map(annotation =>
        serializer.annotation(repository, run, annotation),
      );
    },
  );
  return routes;
}
