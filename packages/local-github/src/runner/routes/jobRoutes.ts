import { Router } from 'express';
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError } from '../../forge/http/errors';
import { numberParam, route } from '../../forge/http/route';
import { actionsRepository, findJob } from './find';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions/jobs/:job_id';

/** Jobs: read, log, re-run. */
export function jobRoutes(parts: RunnerParts): Router {
  const router = Router();

  router.get(
    base,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const { job, run } = findJob(
        parts,
        repository,
        numberParam(req, 'job_id'),
      );
      res.json(parts.serializer.job(run, job));
    }),
  );

  router.get(
    `${base}/logs`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      requireCaller(res);
      const { job } = findJob(parts, repository, numberParam(req, 'job_id'));
      res.redirect(302, parts.links.create({ kind: 'job-logs', id: job.id }));
    }),
  );

  router.post(
    `${base}/rerun`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write');
      const { run } = findJob(parts, repository, numberParam(req, 'job_id'));
      if (run.status !== 'completed') {
        throw new ApiError(
          403,
          'This workflow run cannot be retried while it is in progress',
        );
      }
      await parts.engine.rerun(run, requireCaller(res).login, true);
      res.status(201).json({});
    }),
  );
  return router;
}
