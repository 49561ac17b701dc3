// SPDX-License-Identifier: Apache-2.0
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError } from '../../forge/http/errors';
import { numberParam } from '../../forge/http/route';
import { RouteTable } from '../../forge/http/RouteTable';
import { findJob } from './find';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions/jobs/:job_id';

/** Jobs: read, log, re-run. */
export function jobRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);

  routes.get(BASE, 'actions:read', ({ repository, req }) => {
    const { job, run } = findJob(parts, repository, numberParam(req, 'job_id'));
    return parts.serializer.job(run, job);
  });

  routes.get(`${BASE}/logs`, 'actions:read', ({ repository, req, res }) => {
    requireCaller(res);
    const { job } = findJob(parts, repository, numberParam(req, 'job_id'));
    res.redirect(302, parts.links.create({ kind: 'job-logs', id: job.id }));
  });

  routes.post(
    `${BASE}/rerun`,
    'actions:write',
    async ({ repository, caller, req, res }) => {
      const { run } = findJob(parts, repository, numberParam(req, 'job_id'));
      if (run.status !== 'completed') {
        throw new ApiError(
          403,
          'This workflow run cannot be retried while it is in progress',
        );
      }
      await parts.engine.rerun(run, caller.login, true);
      res.status(201).json({});
    },
  );
  return routes;
}
