import { Router, type Request } from 'express';
import { notFound } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { numberParam, queryString, route } from '../../forge/http/route';
import { resolveCommit } from '../../forge/git/refs';
import type { ForgeRepository } from '../../forge/types';
import { CheckSerializer } from '../serialize/CheckSerializer';
import { actionsRepository, findJob } from './find';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo';

/** Check runs (one per job) and check suites (one per run) of a commit. */
export function checkRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { store } = parts.services;
  const serializer = new CheckSerializer(parts);

  const commitOf = async (repository: ForgeRepository, req: Request) => {
    const sha = await resolveCommit(repository.gitDir, req.params.ref);
    if (!sha) {
      throw notFound();
    }
    return sha;
  };

  router.get(
    `${base}/commits/:ref/check-runs`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'read', 'checks');
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
      res.json({
        total_count: jobs.length,
        check_runs: paginate(req, res, jobs).map(job =>
          serializer.checkRun(repository, job),
        ),
      });
    }),
  );

  router.get(
    `${base}/commits/:ref/check-suites`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'read', 'checks');
      const { runs, total } = store.runs.list({
        repositoryId: repository.id,
        headSha: await commitOf(repository, req),
        limit: 100,
        offset: 0,
      });
      res.json({
        total_count: total,
        check_suites: await Promise.all(
          runs.map(run => serializer.checkSuite(repository, run)),
        ),
      });
    }),
  );

  router.get(
    `${base}/check-suites/:id`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'read', 'checks');
      const run = store.runs.find(numberParam(req, 'id') ?? 0);
      if (run?.repositoryId !== repository.id) {
        throw notFound();
      }
      res.json(await serializer.checkSuite(repository, run));
    }),
  );

  router.get(
    `${base}/check-suites/:id/check-runs`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res, 'read', 'checks');
      const run = store.runs.find(numberParam(req, 'id') ?? 0);
      if (run?.repositoryId !== repository.id) {
        throw notFound();
      }
      const jobs = store.jobs.list(run.id, run.runAttempt);
      res.json({
        total_count: jobs.length,
        check_runs: paginate(req, res, jobs).map(job =>
          serializer.checkRun(repository, job),
        ),
      });
    }),
  );

  router.get(
    `${base}/check-runs/:id`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res, 'read', 'checks');
      const { job } = findJob(parts, repository, numberParam(req, 'id'));
      res.json(serializer.checkRun(repository, job));
    }),
  );

  router.get(
    `${base}/check-runs/:id/annotations`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res, 'read', 'checks');
      const { job, run } = findJob(parts, repository, numberParam(req, 'id'));
      res.json(
        paginate(req, res, store.jobs.annotations(job)).map(annotation =>
          serializer.annotation(repository, run, annotation),
        ),
      );
    }),
  );
  return router;
}
