// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ApiError, notFound } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { bodyOf, RouteTable } from '../../forge/http/RouteTable';
import type { VariableRecord } from '../store/SettingsStore';
import { checkName } from './checkName';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions/variables';

const createBody = z.object({ name: z.string(), value: z.string() });
const updateBody = z.object({
  name: z.string().optional(),
  value: z.string().optional(),
});

/** Repository variables: the `vars` context. Only who can push reads them, as on GitHub. */
export function variableRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
  const { settings } = parts.services.store;

  const find = (repositoryId: number, name: string) =>
    settings
      .variables(repositoryId)
      .find(variable => variable.name === name.toUpperCase());

  routes.get(BASE, 'actions_variables:write', ({ repository, req, res }) => {
    const all = settings.variables(repository.id);
    return {
      total_count: all.length,
      variables: paginate(req, res, all).map(serialize),
    };
  });

  routes.post(
    BASE,
    'actions_variables:write',
    bodyOf('Variable', createBody),
    ({ repository, input: body, res }) => {
      const name = checkName(body.name, 'Variable');
      if (find(repository.id, name)) {
        throw new ApiError(409, 'Already exists - Variable already exists');
      }
      settings.setVariable(repository.id, name, body.value);
      res.status(201).json({});
    },
  );

  routes.get(
    `${BASE}/:name`,
    'actions_variables:write',
    ({ repository, req }) => {
      const variable = find(repository.id, req.params.name);
      if (!variable) {
        throw notFound();
      }
      return serialize(variable);
    },
  );

  routes.patch(
    `${BASE}/:name`,
    'actions_variables:write',
    bodyOf('Variable', updateBody),
    ({ repository, input: body, req }) => {
      const variable = find(repository.id, req.params.name);
      if (!variable) {
        throw notFound();
      }
      const name = body.name ? checkName(body.name, 'Variable') : variable.name;
      if (name !== variable.name) {
        settings.removeVariable(repository.id, variable.name);
      }
      settings.setVariable(repository.id, name, body.value ?? variable.value);
    },
  );

  routes.delete(
    `${BASE}/:name`,
    'actions_variables:write',
    ({ repository, req }) => {
      const variable = find(repository.id, req.params.name);
      if (!variable) {
        throw notFound();
      }
      settings.removeVariable(repository.id, variable.name);
    },
  );
  return routes;
}

function serialize(variable: VariableRecord) {
  return {
    name: variable.name,
    value: variable.value,
    created_at: variable.createdAt,
    updated_at: variable.updatedAt,
  };
}
