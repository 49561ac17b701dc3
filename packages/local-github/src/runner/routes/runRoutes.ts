import { Router, type Request, type Response } from 'express';
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { queryString, route } from '../../forge/http/route';
import type { RunRecord } from '../store/RunStore';
import { actionsRepository, findAttempt, findRun } from './find';
import { answerRuns } from './runList';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions/runs';

/** Runs: list, read, jobs, logs, re-run, cancel, delete. */
export function runRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { services, serializer, engine, links } = parts;
  const { store } = services;

  const answerJobs = (
    req: Request,
    res: Response,
    run: RunRecord,
    attempt: number | undefined,
  ) => {
    const jobs = store.jobs.list(run.id, attempt);
    res.json({
      total_count: jobs.length,
      jobs: paginate(req, res, jobs).map(job => serializer.job(run, job)),
    });
  };

  router.get(
    base,
    route((req, res) =>
      answerRuns(parts, actionsRepository(parts, req, res), req, res),
    ),
  );

  router.get(
    `${base}/:run_id`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res);
      res.json(
        await serializer.run(repository, findRun(parts, repository, req)),
      );
    }),
  );

  router.get(
    `${base}/:run_id/jobs`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const run = findRun(parts, repository, req);
      const all = queryString(req, 'filter') === 'all';
      answerJobs(req, res, run, all ? undefined : run.runAttempt);
    }),
  );

  router.get(
    `${base}/:run_id/attempts/:attempt_number`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res);
      res.json(
        await serializer.run(repository, findAttempt(parts, repository, req)),
      );
    }),
  );

  router.get(
    `${base}/:run_id/attempts/:attempt_number/jobs`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const run = findAttempt(parts, repository, req);
      answerJobs(req, res, run, run.runAttempt);
    }),
  );

  const answerLogs = (res: Response, run: RunRecord) =>
    res.redirect(
      302,
      links.create({ kind: 'run-logs', id: run.id, attempt: run.runAttempt }),
    );

  router.get(
    `${base}/:run_id/logs`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      requireCaller(res);
      answerLogs(res, findRun(parts, repository, req));
    }),
  );

  router.get(
    `${base}/:run_id/attempts/:attempt_number/logs`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      requireCaller(res);
      answerLogs(res, findAttempt(parts, repository, req));
    }),
  );

  for (const [verb, onlyFailed] of [
    ['rerun', false],
    ['rerun-failed-jobs', true],
  ] as const) {
    router.post(
      `${base}/:run_id/${verb}`,
      route(async (req, res) => {
        const repository = actionsRepository(parts, req, res, 'write');
        const run = findRun(parts, repository, req);
        if (run.status !== 'completed') {
          throw new ApiError(
            403,
            'This workflow run cannot be retried while it is in progress',
          );
        }
        await engine.rerun(run, requireCaller(res).login, onlyFailed);
        res.status(201).json({});
      }),
    );
  }

  for (const [verb, force] of [
    ['cancel', false],
    ['force-cancel', true],
  ] as const) {
    router.post(
      `${base}/:run_id/${verb}`,
      route((req, res) => {
        const repository = actionsRepository(parts, req, res, 'write');
        const run = findRun(parts, repository, req);
        if (!engine.cancel(run, force)) {
          throw new ApiError(
            409,
            'Cannot cancel a workflow run that is completed.',
          );
        }
        res.status(202).json({});
      }),
    );
  }

  router.delete(
    `${base}/:run_id`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write');
      const run = findRun(parts, repository, req);
      if (run.status !== 'completed') {
        throw new ApiError(403, 'Could not delete the workflow run');
      }
      await engine.forget(run);
      res.status(204).end();
    }),
  );

  router.delete(
    `${base}/:run_id/logs`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write');
      await engine.removeLogs(findRun(parts, repository, req));
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/:run_id/timing`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const run = findRun(parts, repository, req);
      res.json({
        billable: {},
        run_duration_ms:
          Date.parse(run.updatedAt) - Date.parse(run.runStartedAt),
      });
    }),
  );

  router.get(
    `${base}/:run_id/approvals`,
    route((req, res) => {
      findRun(parts, actionsRepository(parts, req, res), req);
      res.json([]);
    }),
  );
  return router;
}
