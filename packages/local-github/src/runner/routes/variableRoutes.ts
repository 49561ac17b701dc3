import { Router } from 'express';
import { z } from 'zod';
import { ApiError, notFound } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { parseBody, route } from '../../forge/http/route';
import type { VariableRecord } from '../store/SettingsStore';
import { checkName } from './checkName';
import { actionsRepository } from './find';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions/variables';

const createBody = z.object({ name: z.string(), value: z.string() });
const updateBody = z.object({
  name: z.string().optional(),
  value: z.string().optional(),
});

/** Repository variables: the `vars` context. Only who can push reads them, as on GitHub. */
export function variableRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { settings } = parts.services.store;

  const find = (repositoryId: number, name: string) =>
    settings
      .variables(repositoryId)
      .find(variable => variable.name === name.toUpperCase());

  router.get(
    base,
    route((req, res) => {
      const repository = actionsRepository(
        parts,
        req,
        res,
        'write',
        'actions_variables',
      );
      const all = settings.variables(repository.id);
      res.json({
        total_count: all.length,
        variables: paginate(req, res, all).map(serialize),
      });
    }),
  );

  router.post(
    base,
    route((req, res) => {
      const repository = actionsRepository(
        parts,
        req,
        res,
        'write',
        'actions_variables',
      );
      const body = parseBody(req, 'Variable', createBody);
      const name = checkName(body.name, 'Variable');
      if (find(repository.id, name)) {
        throw new ApiError(409, 'Already exists - Variable already exists');
      }
      settings.setVariable(repository.id, name, body.value);
      res.status(201).json({});
    }),
  );

  router.get(
    `${base}/:name`,
    route((req, res) => {
      const repository = actionsRepository(
        parts,
        req,
        res,
        'write',
        'actions_variables',
      );
      const variable = find(repository.id, req.params.name);
      if (!variable) {
        throw notFound();
      }
      res.json(serialize(variable));
    }),
  );

  router.patch(
    `${base}/:name`,
    route((req, res) => {
      const repository = actionsRepository(
        parts,
        req,
        res,
        'write',
        'actions_variables',
      );
      const body = parseBody(req, 'Variable', updateBody);
      const variable = find(repository.id, req.params.name);
      if (!variable) {
        throw notFound();
      }
      const name = body.name ? checkName(body.name, 'Variable') : variable.name;
      if (name !== variable.name) {
        settings.removeVariable(repository.id, variable.name);
      }
      settings.setVariable(repository.id, name, body.value ?? variable.value);
      res.status(204).end();
    }),
  );

  router.delete(
    `${base}/:name`,
    route((req, res) => {
      const repository = actionsRepository(
        parts,
        req,
        res,
        'write',
        'actions_variables',
      );
      const variable = find(repository.id, req.params.name);
      if (!variable) {
        throw notFound();
      }
      settings.removeVariable(repository.id, variable.name);
      res.status(204).end();
    }),
  );
  return router;
}

function serialize(variable: VariableRecord) {
  return {
    name: variable.name,
    value: variable.value,
    created_at: variable.createdAt,
    updated_at: variable.updatedAt,
  };
}
