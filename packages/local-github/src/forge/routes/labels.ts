// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Forge } from '../Forge';
import { ApiError, notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { bodyOf, guard, RouteTable } from '../http/RouteTable';
import { label as serializeLabel, labelEvent } from '../serialize/issue';
import type { ForgeRepository } from '../types';
import { issueOf } from './issueOf';
import { publishIssue } from './issues';

const color = z
  .string()
  .regex(/^[0-9a-fA-F]{6}$/, 'must be six hexadecimal digits without #');

const labelBody = z.object({
  name: z.string().min(1).max(50),
  color: color.default('ededed'),
  description: z.string().max(100).nullish(),
});

const updateBody = z.object({
  new_name: z.string().min(1).max(50).optional(),
  color: color.optional(),
  description: z.string().max(100).nullish(),
});

// Both `{labels: [...]}` and a bare array are in use.
const issueLabels = z
  .preprocess(
    value => (Array.isArray(value) ? { labels: value } : value),
    z.object({
      labels: z
        .array(
          z.union([
            z.string().min(1),
            z.object({ name: z.string().min(1) }).transform(({ name }) => name),
          ]),
        )
        .default([]),
    }),
  )
  .transform(({ labels }) => labels);

/** Labels of a repository and of its issues. */
export function labelRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const labelOf = <D extends 'issues:read' | 'issues:write'>(right: D) =>
    guard(forge, right, ({ repository, req }) => {
      const label = forge.labels.find(repository.id, req.params.name);
      if (!label) {
        throw notFound();
      }
      return { label };
    });
  const listOf = (repository: ForgeRepository, issueId: number) =>
    forge.labels
      .listForIssue(issueId)
      .map(label => serializeLabel(forge, repository, label));
  const alreadyExists = () =>
    validationFailed({
      resource: 'Label',
      code: 'already_exists',
      field: 'name',
    });

  routes.get('/labels', 'issues:read', ({ repository, req, res }) => {
    const labels = forge.labels.list(repository.id);
    return paginate(req, res, labels).map(label =>
      serializeLabel(forge, repository, label),
    );
  });

  routes.post(
    '/labels',
    'issues:write',
    bodyOf('Label', labelBody),
    ({ repository, input, res }) => {
      if (forge.labels.find(repository.id, input.name)) {
        throw alreadyExists();
      }
      const label = forge.labels.create(repository.id, {
        name: input.name,
        color: input.color.toLowerCase(),
        description: input.description ?? null,
      });
      const body = serializeLabel(forge, repository, label);
      res.status(201).location(body.url).json(body);
    },
  );

  routes.get('/labels/:name', labelOf('issues:read'), ({ repository, label }) =>
    serializeLabel(forge, repository, label),
  );

  routes.patch(
    '/labels/:name',
    labelOf('issues:write'),
    bodyOf('Label', updateBody),
    ({ repository, label, input }) => {
      const name = input.new_name ?? label.name;
      const other = forge.labels.find(repository.id, name);
      if (other && other.id !== label.id) {
        throw alreadyExists();
      }
      forge.labels.update(label.id, {
        name,
        color: input.color?.toLowerCase() ?? label.color,
        description:
          input.description === undefined
            ? label.description
            : input.description,
      });
      const next = forge.labels.find(repository.id, name) ?? label;
      return serializeLabel(forge, repository, next);
    },
  );

  routes.delete('/labels/:name', labelOf('issues:write'), ({ label }) => {
    forge.labels.remove(label.id);
  });

  routes.get(
    '/issues/:number(\\d+)/labels',
    issueOf(forge, 'read'),
    ({ repository, issue, req, res }) =>
      paginate(req, res, listOf(repository, issue.id)),
  );

  // Of GitHub's many events, those of labels: they say who set one, and when.
  routes.get(
    '/issues/:number(\\d+)/events',
    issueOf(forge, 'read'),
    ({ repository, issue, req, res }) =>
      paginate(req, res, forge.issueEvents.list(issue.id)).map(event =>
        labelEvent(forge, repository, event),
      ),
  );

  for (const method of ['post', 'put'] as const) {
    routes[method](
      '/issues/:number(\\d+)/labels',
      issueOf(forge, 'write'),
      bodyOf('Label', issueLabels),
      async ({ repository, issue, caller: { login }, input: names }) => {
        if (method === 'post') {
          forge.labels.addToIssue(repository.id, issue.id, names);
        } else {
          forge.labels.replaceOnIssue(repository.id, issue.id, names);
        }
        for (const name of names) {
          const label = forge.labels.find(repository.id, name);
          if (label) {
            forge.issueEvents.add(issue.id, 'labeled', login, label);
            await publishIssue(forge, repository, issue.id, 'labeled', login, {
              label: serializeLabel(forge, repository, label),
            });
          }
        }
        return listOf(repository, issue.id);
      },
    );
  }

  routes.delete(
    '/issues/:number(\\d+)/labels',
    issueOf(forge, 'write'),
    ({ repository, issue }) => {
      forge.labels.replaceOnIssue(repository.id, issue.id, []);
    },
  );

  routes.delete(
    '/issues/:number(\\d+)/labels/:name',
    issueOf(forge, 'write'),
    async ({ repository, issue, caller, req }) => {
      const label = forge.labels.find(repository.id, req.params.name);
      if (!label || !forge.labels.removeFromIssue(issue.id, label.id)) {
        throw new ApiError(404, 'Label does not exist');
      }
      forge.issueEvents.add(issue.id, 'unlabeled', caller.login, label);
      await publishIssue(
        forge,
        repository,
        issue.id,
        'unlabeled',
        caller.login,
        { label: serializeLabel(forge, repository, label) },
      );
      return listOf(repository, issue.id);
    },
  );

  return routes;
}
