// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import type { ForgeRepository } from '../../forge/types';
import { route } from '../../forge/http/route';
import { html } from '../../forge/web/html';
import { renderPage } from '../../forge/web/layout';
import { zipStream } from '../execution/zip';
import { DOWNLOAD_PATH } from '../routes/DownloadLinks';
import { readJobLog, readStepLog, runLogEntries } from '../routes/logFiles';
import type { RunnerParts } from '../routes/RunnerParts';
import { renderJob } from './renderJob';
import { renderRun } from './renderRun';
import { renderRunList, RUNS_PER_PAGE } from './renderRunList';

const BASE = '/:owner/:repo/actions';

/** Seconds until a page of something that runs loads itself again. */
const REFRESH_SECONDS = 3;

/** The pages of Actions, and the downloads that REST routes lead to. */
export function createWebRouter(parts: RunnerParts): Router {
  const router = Router();
  const { context, store } = parts.services;

  const find = (req: Request): ForgeRepository | undefined => {
    const repository = context.repositories.find(
      req.params.owner,
      req.params.repo,
    );
    return repository &&
      context.access.level(context.webViewer, repository) !== 'none'
      ? repository
      : undefined;
  };
  const notFound = (res: Response) =>
    renderPage(res, {
      title: 'Not found',
      status: 404,
      body: html`<h1>Not found</h1>
        <p>There is no such page.</p>`,
    });
  const findRun = (repository: ForgeRepository, id: string) => {
    const run = /^\d+$/.test(id) ? store.runs.find(Number(id)) : undefined;
    return run?.repositoryId === repository.id ? run : undefined;
  };
  const refresh = (res: Response, completed: boolean) => {
    if (!completed) {
      res.setHeader('Refresh', String(REFRESH_SECONDS));
    }
  };

  router.get(`${DOWNLOAD_PATH}/:token`, route(download));

  router.get(
    BASE,
    route((req, res) => {
      const repository = find(req);
      if (!repository) {
        notFound(res);
        return;
      }
      const page = Math.max(Number(req.query.page) || 1, 1);
      const { runs, total } = store.runs.list({
        repositoryId: repository.id,
        limit: RUNS_PER_PAGE,
        offset: (page - 1) * RUNS_PER_PAGE,
      });
      refresh(
        res,
        runs.every(run => run.status === 'completed'),
      );
      renderPage(res, {
        title: `Actions · ${repository.fullName}`,
        repository,
        tab: 'actions',
        body: renderRunList({
          repository,
          runs,
          total,
          page,
          workflows: store.workflows.list(repository.id),
        }),
      });
    }),
  );

  router.get(
    `${BASE}/runs/:run_id`,
    route((req, res) => {
      const repository = find(req);
      const run = repository && findRun(repository, req.params.run_id);
      if (!repository || !run) {
        notFound(res);
        return;
      }
      refresh(res, run.status === 'completed');
      renderPage(res, {
        title: `${run.displayTitle} · ${repository.fullName}`,
        repository,
        tab: 'actions',
        body: renderRun(parts, repository, run),
      });
    }),
  );

  router.get(
    `${BASE}/runs/:run_id/job/:job_id`,
    route(async (req, res) => {
      const repository = find(req);
      const run = repository && findRun(repository, req.params.run_id);
      const job = /^\d+$/.test(req.params.job_id)
        ? store.jobs.find(Number(req.params.job_id))
        : undefined;
      if (!repository || !run || job?.runId !== run.id) {
        notFound(res);
        return;
      }
      refresh(res, job.status === 'completed');
      const steps = await Promise.all(
        store.jobs.steps(job).map(async step => ({
          step,
          log: await readStepLog(store, job, step.number),
        })),
      );
      renderPage(res, {
        title: `${job.name} · ${run.displayTitle}`,
        repository,
        tab: 'actions',
        body: renderJob(repository, run, job, steps),
      });
    }),
  );

  router.get(
    `${BASE}/runs/:run_id/artifacts/:artifact_id`,
    route((req, res) => {
      const repository = find(req);
      const artifact = /^\d+$/.test(req.params.artifact_id)
        ? store.artifacts.find(Number(req.params.artifact_id))
        : undefined;
      if (!repository || artifact?.repositoryId !== repository.id) {
        notFound(res);
        return;
      }
      res.redirect(
        302,
        parts.links.create({ kind: 'artifact', id: artifact.id }),
      );
    }),
  );

  async function download(req: Request, res: Response): Promise<void> {
    const target = parts.links.open(req.params.token);
    switch (target?.kind) {
      case 'run-logs':
        res.type('application/zip').attachment(`logs_${target.id}.zip`);
        await pipeline(
          zipStream(await runLogEntries(store, target.id, target.attempt ?? 1)),
          res,
        );
        return;
      case 'job-logs':
        res
          .setHeader('X-Content-Type-Options', 'nosniff')
          .type('text/plain')
          .send(await readJobLog(store, store.jobs.get(target.id)));
        return;
      case 'artifact': {
        const artifact = store.artifacts.find(target.id);
        if (artifact) {
          res.type('application/zip').attachment(`${artifact.name}.zip`);
          await pipeline(createReadStream(artifact.file), res);
          return;
        }
        break;
      }
      default:
    }
    res.status(404).type('text/plain').send('Not Found');
  }
  return router;
}
