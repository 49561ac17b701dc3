import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { findRepository } from '../http/access';
import { requireCaller } from '../http/authenticate';
import { ApiError, notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { parseBody, route } from '../http/route';
import { label as serializeLabel } from '../serialize/issue';
import type { ForgeRepository } from '../types';
import { findIssue, publishIssue } from './issues';

const color = z
  .string()
  .regex(/^[0-9a-fA-F]{6}$/, 'must be six hexadecimal digits without #');

const labelBody = z.object({
  name: z.string().min(1).max(50),
  color: color.default('ededed'),
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
export function labelRoutes(forge: Forge): Router {
  const router = Router();

  const requireLabel = (repository: ForgeRepository, req: Request) => {
    const label = forge.labels.find(repository.id, req.params.name);
    if (!label) {
      throw notFound();
    }
    return label;
  };
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

  router.get(
    '/repos/:owner/:repo/labels',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'read');
      const labels = forge.labels.list(repository.id);
      res.json(
        paginate(req, res, labels).map(label =>
          serializeLabel(forge, repository, label),
        ),
      );
    }),
  );

  router.post(
    '/repos/:owner/:repo/labels',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'write');
      const input = parseBody(req, 'Label', labelBody);
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
    }),
  );

  router.get(
    '/repos/:owner/:repo/labels/:name',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'read');
      res.json(
        serializeLabel(forge, repository, requireLabel(repository, req)),
      );
    }),
  );

  router.patch(
    '/repos/:owner/:repo/labels/:name',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'write');
      const label = requireLabel(repository, req);
      const input = parseBody(
        req,
        'Label',
        z.object({
          new_name: z.string().min(1).max(50).optional(),
          color: color.optional(),
          description: z.string().max(100).nullish(),
        }),
      );
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
      res.json(serializeLabel(forge, repository, next));
    }),
  );

  router.delete(
    '/repos/:owner/:repo/labels/:name',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'write');
      forge.labels.remove(requireLabel(repository, req).id);
      res.status(204).end();
    }),
  );

  router.get(
    '/repos/:owner/:repo/issues/:number(\\d+)/labels',
    route((req, res) => {
      const { repository, issue } = findIssue(forge, req, res, 'read');
      res.json(paginate(req, res, listOf(repository, issue.id)));
    }),
  );

  for (const method of ['post', 'put', 'delete'] as const) {
    router[method](
      '/repos/:owner/:repo/issues/:number(\\d+)/labels',
      route(async (req, res) => {
        const { repository, issue } = findIssue(forge, req, res, 'write');
        const { login } = requireCaller(res);
        const names =
          method === 'delete' ? [] : parseBody(req, 'Label', issueLabels);
        if (method === 'post') {
          forge.labels.addToIssue(repository.id, issue.id, names);
        } else {
          forge.labels.replaceOnIssue(repository.id, issue.id, names);
        }
        for (const name of names) {
          const label = forge.labels.find(repository.id, name);
          if (label) {
            await publishIssue(forge, repository, issue.id, 'labeled', login, {
              label: serializeLabel(forge, repository, label),
            });
          }
        }
        if (method === 'delete') {
          res.status(204).end();
        } else {
          res.json(listOf(repository, issue.id));
        }
      }),
    );
  }

  router.delete(
    '/repos/:owner/:repo/issues/:number(\\d+)/labels/:name',
    route(async (req, res) => {
      const { repository, issue } = findIssue(forge, req, res, 'write');
      const label = forge.labels.find(repository.id, req.params.name);
      if (!label || !forge.labels.removeFromIssue(issue.id, label.id)) {
        throw new ApiError(404, 'Label does not exist');
      }
      await publishIssue(
        forge,
        repository,
        issue.id,
        'unlabeled',
        requireCaller(res).login,
        { label: serializeLabel(forge, repository, label) },
      );
      res.json(listOf(repository, issue.id));
    }),
  );

  return router;
}
