import { Router } from 'express';
import { z } from 'zod';
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError } from '../../forge/http/errors';
import { parseBody, route } from '../../forge/http/route';
import { resolveCommit } from '../../forge/git/refs';
import { readFileAt } from '../repositoryFiles';
import type { JsonObject } from '../types';
import { parseWorkflow } from '../workflow/parseWorkflow';
import { readDispatchInputs } from '../workflow/dispatchInputs';
import { actionsRepository, findWorkflow } from './find';
import type { RunnerParts } from './RunnerParts';

const dispatchBody = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  return_run_details: z.boolean().optional(),
});

/** Starts by request: workflow_dispatch. */
export function dispatchRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { context, language, store } = parts.services;

  router.post(
    '/repos/:owner/:repo/actions/workflows/:workflow_id/dispatches',
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write');
      const { login } = requireCaller(res);
      const body = parseBody(req, 'Workflow', dispatchBody);
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
      const run = await parts.factory.create({
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
      context.events.emit('event', {
        name: 'workflow_dispatch',
        repository,
        sender: login,
        payload,
      });
      if (!body.return_run_details || !run) {
        res.status(204).end();
        return;
      }
      const json = await parts.serializer.run(
        repository,
        store.runs.get(run.id),
      );
      res.json({
        workflow_run_id: run.id,
        run_url: json.url,
        html_url: json.html_url,
      });
    }),
  );

  return router;
}
