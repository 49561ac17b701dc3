// SPDX-License-Identifier: Apache-2.0
import { paginate } from '../../forge/http/pagination';
import { RouteTable } from '../../forge/http/RouteTable';
import { syncWorkflows } from '../triggers/syncWorkflows';
import { findWorkflow } from './find';
import { answerRuns } from './runList';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions/workflows';

/** The workflow files of a repository: list, read, enable, disable, their runs. */
export function workflowRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
  const { services, serializer } = parts;
  const { workflows } = services.store;

  routes.get(BASE, 'actions:read', async ({ repository, req, res }) => {
    await syncWorkflows(services, repository);
    const all = workflows.list(repository.id);
    return {
      total_count: all.length,
      workflows: paginate(req, res, all).map(workflow =>
        serializer.workflow(repository, workflow),
      ),
    };
  });

  routes.get(
    `${BASE}/:workflow_id`,
    'actions:read',
    async ({ repository, req }) =>
      serializer.workflow(
        repository,
        await findWorkflow(parts, repository, req),
      ),
  );

  routes.get(
    `${BASE}/:workflow_id/runs`,
    'actions:read',
    async ({ repository, req, res }) => {
      const workflow = await findWorkflow(parts, repository, req);
      await answerRuns(parts, repository, req, res, workflow.id);
    },
  );

  for (const [verb, state] of [
    ['enable', 'active'],
    ['disable', 'disabled_manually'],
  ] as const) {
    routes.put(
      `${BASE}/:workflow_id/${verb}`,
      'actions:write',
      async ({ repository, req }) => {
        const workflow = await findWorkflow(parts, repository, req);
        workflows.setState(workflow.id, state);
      },
    );
  }
  return routes;
}
