// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ApiError } from '../../forge/http/errors';
import { bodyOf, RouteTable } from '../../forge/http/RouteTable';
import { resolveCommit } from '../../forge/git/refs';
import { readFileAt } from '../repositoryFiles';
import type { JsonObject } from '../types';
import { createRun } from '../triggers/createRun';
import { parseWorkflow } from '../workflow/parseWorkflow';
import { readDispatchInputs } from '../workflow/dispatchInputs';
import { findWorkflow } from './find';
import type { RunnerParts } from './RunnerParts';

const dispatchBody = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  return_run_details: z.boolean().optional(),
});

/** Starts by request: workflow_dispatch. */
export function dispatchRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
  const { context, language, store } = parts.services;

  routes.post(
    '/actions/workflows/:workflow_id/dispatches',
    'actions:write',
    bodyOf('Workflow', dispatchBody),
    async ({ repository, caller: { login }, input: body, req }) => {
      const workflow = await findWorkflow(parts, repository, req);
      if (workflow.state !== 'active') {
        throw new ApiError(
          422,
          "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
        );
      }
      const branch = body.ref.replace(/^refs\/(heads|tags)\//, '');
      const isBranch =
        !body.ref.startsWith('refs/tags/') &&
        (await resolveCommit(repository.gitDir, `refs/heads/${branch}`));
      const ref = isBranch ? `refs/heads/${branch}` : `refs/tags/${branch}`;
      const sha = await resolveCommit(repository.gitDir, ref);
      if (!sha) {
        throw new ApiError(422, `No ref found for: ${body.ref}`);
      }
      const content = await readFileAt(repository, sha, workflow.path);
      const parsed =
        content === undefined
          ? undefined
          : await parseWorkflow(language, workflow.path, content);
      if (
        content === undefined ||
        !parsed?.workflow ||
        !Object.hasOwn(parsed.workflow.events, 'workflow_dispatch')
      ) {
        throw new ApiError(
          422,
          "Workflow does not have 'workflow_dispatch' trigger",
        );
      }
      const { inputs, problems } = readDispatchInputs(
        parsed.workflow.dispatchInputs,
        body.inputs ?? {},
      );
      if (problems.length > 0) {
        throw new ApiError(422, problems.join('; '));
      }
      const payload: JsonObject = JSON.parse(
        JSON.stringify({
          inputs: body.inputs ?? null,
          ref,
          workflow: workflow.path,
          repository: context.serialize.repository(repository),
          sender: context.serialize.user(login),
        }),
      );
      const run = await createRun(parts.services, {
        repository,
        event: 'workflow_dispatch',
        payload,
        inputs,
        ref,
        headBranch: branch,
        headSha: sha,
        sha,
        path: workflow.path,
        content,
        parsed,
        actor: login,
      });
      if (run) {
        await parts.engine.start(run);
      }
      context.events.emit('event', {
        name: 'workflow_dispatch',
        repository,
        sender: login,
        payload,
      });
      if (!body.return_run_details || !run) {
        return undefined;
      }
      const json = await parts.serializer.run(
        repository,
        store.runs.get(run.id),
      );
      return {
        workflow_run_id: run.id,
        run_url: json.url,
        html_url: json.html_url,
      };
    },
  );

  return routes;
}
