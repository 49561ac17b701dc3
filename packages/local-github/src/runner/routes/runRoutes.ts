// SPDX-License-Identifier: Apache-2.0
import { type Request, type Response } from 'express';
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { queryString } from '../../forge/http/route';
import { RouteTable } from '../../forge/http/RouteTable';
import type { RunRecord } from '../store/RunStore';
import { findAttempt, findRun } from './find';
import { answerRuns } from './runList';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions/runs';

/** Runs: list, read, jobs, logs, re-run, cancel, delete. */
export function runRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
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

  routes.get(BASE, 'actions:read', ({ repository, req, res }) =>
    answerRuns(parts, repository, req, res),
  );

  routes.get(
    `${BASE}/:run_id`,
    'actions:read',
    async ({ repository, req }) =>
      await serializer.run(repository, findRun(parts, repository, req)),
  );

  routes.get(
    `${BASE}/:run_id/jobs`,
    'actions:read',
    ({ repository, req, res }) => {
      const run = findRun(parts, repository, req);
      const all = queryString(req, 'filter') === 'all';
      answerJobs(req, res, run, all ? undefined : run.runAttempt);
    },
  );

  routes.get(
    `${BASE}/:run_id/attempts/:attempt_number`,
    'actions:read',
    async ({ repository, req }) =>
      await serializer.run(repository, findAttempt(parts, repository, req)),
  );

  routes.get(
    `${BASE}/:run_id/attempts/:attempt_number/jobs`,
    'actions:read',
    ({ repository, req, res }) => {
      const run = findAttempt(parts, repository, req);
      answerJobs(req, res, run, run.runAttempt);
    },
  );

  const answerLogs = (res: Response, run: RunRecord) =>
    res.redirect(
      302,
      links.create({ kind: 'run-logs', id: run.id, attempt: run.runAttempt }),
    );

  routes.get(
    `${BASE}/:run_id/logs`,
    'actions:read',
    ({ repository, req, res }) => {
      requireCaller(res);
      answerLogs(res, findRun(parts, repository, req));
    },
  );

  routes.get(
    `${BASE}/:run_id/attempts/:attempt_number/logs`,
    'actions:read',
    ({ repository, req, res }) => {
      requireCaller(res);
      answerLogs(res, findAttempt(parts, repository, req));
    },
  );

  for (const [verb, onlyFailed] of [
    ['rerun', false],
    ['rerun-failed-jobs', true],
  ] as const) {
    routes.post(
      `${BASE}/:run_id/${verb}`,
      'actions:write',
      async ({ repository, caller, req, res }) => {
        const run = findRun(parts, repository, req);
        if (run.status !== 'completed') {
          throw new ApiError(
            403,
            'This workflow run cannot be retried while it is in progress',
          );
        }
        await engine.rerun(run, caller.login, onlyFailed);
        res.status(201).json({});
      },
    );
  }

  for (const [verb, force] of [
    ['cancel', false],
    ['force-cancel', true],
  ] as const) {
    routes.post(
      `${BASE}/:run_id/${verb}`,
      'actions:write',
      ({ repository, req, res }) => {
        const run = findRun(parts, repository, req);
        if (!engine.cancel(run, force)) {
          throw new ApiError(
            409,
            'Cannot cancel a workflow run that is completed.',
          );
        }
        res.status(202).json({});
      },
    );
  }

  routes.delete(
    `${BASE}/:run_id`,
    'actions:write',
    async ({ repository, req }) => {
      const run = findRun(parts, repository, req);
      if (run.status !== 'completed') {
        throw new ApiError(403, 'Could not delete the workflow run');
      }
      await engine.forget(run);
    },
  );

  routes.delete(
    `${BASE}/:run_id/logs`,
    'actions:write',
    async ({ repository, req }) => {
      await engine.removeLogs(findRun(parts, repository, req));
    },
  );

  routes.get(
    `${BASE}/:run_id/timing`,
    'actions:read',
    ({ repository, req }) => {
      const run = findRun(parts, repository, req);
      return {
        billable: {},
        run_duration_ms:
          Date.parse(run.updatedAt) - Date.parse(run.runStartedAt),
      };
    },
  );

  routes.get(
    `${BASE}/:run_id/approvals`,
    'actions:read',
    ({ repository, req }) => {
      findRun(parts, repository, req);
      return [];
    },
  );
  return routes;
}
