import { Router } from 'express';
import { paginate } from '../../forge/http/pagination';
import { route } from '../../forge/http/route';
import { syncWorkflows } from '../triggers/syncWorkflows';
import { actionsRepository, findWorkflow } from './find';
import { answerRuns } from './runList';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions/workflows';

/** The workflow files of a repository: list, read, enable, disable, their runs. */
export function workflowRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { services, serializer } = parts;
  const { workflows } = services.store;

  router.get(
    base,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res);
      await syncWorkflows(services, repository);
      const all = workflows.list(repository.id);
      res.json({
        total_count: all.length,
        workflows: paginate(req, res, all).map(workflow =>
          serializer.workflow(repository, workflow),
        ),
      });
    }),
  );

  router.get(
    `${base}/:workflow_id`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res);
      res.json(
        serializer.workflow(
          repository,
          await findWorkflow(parts, repository, req),
        ),
      );
    }),
  );

  router.get(
    `${base}/:workflow_id/runs`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res);
      const workflow = await findWorkflow(parts, repository, req);
      await answerRuns(parts, repository, req, res, workflow.id);
    }),
  );

  for (const [verb, state] of [
    ['enable', 'active'],
    ['disable', 'disabled_manually'],
  ] as const) {
    router.put(
      `${base}/:workflow_id/${verb}`,
      route(async (req, res) => {
        const repository = actionsRepository(parts, req, res, 'write');
        const workflow = await findWorkflow(parts, repository, req);
        workflows.setState(workflow.id, state);
        res.status(204).end();
      }),
    );
  }
  return router;
}
