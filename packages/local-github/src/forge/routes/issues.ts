import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { assertAccess, findRepository, isAtLeast } from '../http/access';
import { requireCaller } from '../http/authenticate';
import { notFound, validationFailed } from '../http/errors';
import { readPage, setLinkHeader } from '../http/pagination';
import { numberParam, parseBody, queryString, route } from '../http/route';
import { publishPull } from '../pullRequests';
import { issue as serializeIssue } from '../serialize/issue';
import type { Issue } from '../stores/IssueStore';
import type { ForgeRepository } from '../types';

const labelNames = z
  .array(
    z.union([
      z.string().min(1),
      z.object({ name: z.string().min(1) }).transform(({ name }) => name),
    ]),
  )
  .max(100);

const createBody = z.object({
  title: z.union([z.string().min(1), z.number().transform(String)]),
  body: z.string().max(65_536).nullish(),
  labels: labelNames.optional(),
  assignees: z.array(z.string()).max(10).optional(),
  assignee: z.string().nullish(),
});

const updateBody = createBody.partial().extend({
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z
    .enum(['completed', 'not_planned', 'reopened', 'duplicate'])
    .nullish(),
});

/** The issue (or pull request) of `:number`, for a caller who may do this with it. */
export function findIssue(
  forge: Forge,
  req: Request,
  res: Response,
  wanted: 'read' | 'write',
): { repository: ForgeRepository; issue: Issue } {
  const repository = findRepository(forge, req, res, 'metadata', 'read');
  const issue = forge.issues.find(
    repository.id,
    numberParam(req, 'number') ?? 0,
  );
  if (!issue) {
    throw notFound();
  }
  const permission = issue.is_pull ? 'pull_requests' : 'issues';
  const caller = wanted === 'write' ? requireCaller(res) : res.locals.caller;
  assertAccess(forge, caller, repository, permission, wanted);
  return { repository, issue };
}

/** Emits `issues`, or `pull_request` for an issue that is one. */
export async function publishIssue(
  forge: Forge,
  repository: ForgeRepository,
  id: number,
  action: string,
  sender: string,
  extra: Record<string, unknown> = {},
): Promise<void> {
  const issue = forge.issues.findById(id);
  if (issue?.is_pull) {
    await publishPull(forge, repository, id, action, sender, extra);
  } else if (issue) {
    forge.publish({
      name: 'issues',
      action,
      repository,
      sender,
      payload: {
        action,
        issue: serializeIssue(forge, repository, issue),
        repository: forge.serialize.repository(repository),
        ...extra,
      },
    });
  }
}

/** Only people who have an account can be assigned; GitHub drops the others in silence. */
export function knownUsers(forge: Forge, logins: string[]): string[] {
  return [
    ...new Set(
      logins
        .map(login => forge.accounts.find(login))
        .filter(account => account?.type === 'User')
        .map(account => account?.login ?? ''),
    ),
  ];
}

/** Issues; a pull request is one too. */
export function issueRoutes(forge: Forge): Router {
  const router = Router();

  const read = (repository: ForgeRepository, id: number) => {
    const issue = forge.issues.findById(id);
    if (!issue) {
      throw notFound();
    }
    return serializeIssue(forge, repository, issue);
  };

  router.get(
    '/repos/:owner/:repo/issues',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'read');
      const page = readPage(req);
      const state = queryString(req, 'state');
      const sort = queryString(req, 'sort');
      const { items, total } = forge.issues.list(
        repository.id,
        {
          state: state === 'closed' || state === 'all' ? state : 'open',
          labels: queryString(req, 'labels')
            ?.split(',')
            .map(label => label.trim())
            .filter(Boolean),
          creator: queryString(req, 'creator'),
          assignee: queryString(req, 'assignee'),
          since: queryString(req, 'since'),
          sort: sort === 'updated' || sort === 'comments' ? sort : 'created',
          direction: queryString(req, 'direction') === 'asc' ? 'asc' : 'desc',
        },
        page,
      );
      setLinkHeader(req, res, page, { total });
      res.json(items.map(issue => serializeIssue(forge, repository, issue)));
    }),
  );

  router.post(
    '/repos/:owner/:repo/issues',
    route(async (req, res) => {
      // Who may read a repository may open an issue; a job's token needs the permission.
      const caller = requireCaller(res);
      const repository = findRepository(
        forge,
        req,
        res,
        'issues',
        caller.repositoryId === undefined ? 'read' : 'write',
      );
      const input = parseBody(req, 'Issue', createBody);
      // Who cannot push sets neither labels nor assignees; GitHub drops them in silence.
      const mayTriage = isAtLeast(
        forge.access.level(caller, repository),
        'write',
      );
      const assignees =
        input.assignees ?? (input.assignee ? [input.assignee] : []);
      const id = forge.db.transaction(() => {
        const issue = forge.issues.create({
          repositoryId: repository.id,
          isPull: false,
          title: input.title,
          body: input.body ?? null,
          author: caller.login,
          assignees: mayTriage ? knownUsers(forge, assignees) : [],
        });
        if (mayTriage) {
          forge.labels.addToIssue(repository.id, issue.id, input.labels ?? []);
        }
        return issue.id;
      })();
      await publishIssue(forge, repository, id, 'opened', caller.login);
      const body = read(repository, id);
      res.status(201).location(body.url).json(body);
    }),
  );

  router.get(
    '/repos/:owner/:repo/issues/:number(\\d+)',
    route((req, res) => {
      const { repository, issue } = findIssue(forge, req, res, 'read');
      res.json(serializeIssue(forge, repository, issue));
    }),
  );

  router.patch(
    '/repos/:owner/:repo/issues/:number(\\d+)',
    route(async (req, res) => {
      const { repository, issue } = findIssue(forge, req, res, 'write');
      const { login } = requireCaller(res);
      const input = parseBody(req, 'Issue', updateBody);
      const assignees =
        input.assignees ?? (input.assignee ? [input.assignee] : undefined);
      if (
        issue.is_pull &&
        input.state === 'open' &&
        forge.pulls.get(issue.id).merged_at !== null
      ) {
        throw validationFailed({
          resource: 'Issue',
          field: 'state',
          code: 'invalid',
        });
      }
      forge.db.transaction(() => {
        forge.issues.update(issue.id, {
          title: input.title,
          body: input.body,
          assignees: assignees && knownUsers(forge, assignees),
        });
        if (input.labels) {
          forge.labels.replaceOnIssue(repository.id, issue.id, input.labels);
        }
        if (input.state && input.state !== issue.state) {
          forge.issues.setState(
            issue.id,
            input.state,
            login,
            issue.is_pull
              ? null
              : (input.state_reason ??
                  (input.state === 'closed' ? 'completed' : 'reopened')),
          );
        }
      })();
      if (input.state && input.state !== issue.state) {
        const action = input.state === 'closed' ? 'closed' : 'reopened';
        await publishIssue(forge, repository, issue.id, action, login);
      }
      if (input.title !== undefined || input.body !== undefined) {
        await publishIssue(forge, repository, issue.id, 'edited', login, {
          changes: {
            ...(input.title !== undefined && { title: { from: issue.title } }),
            ...(input.body !== undefined && { body: { from: issue.body } }),
          },
        });
      }
      res.json(read(repository, issue.id));
    }),
  );

  for (const method of ['post', 'delete'] as const) {
    router[method](
      '/repos/:owner/:repo/issues/:number(\\d+)/assignees',
      route(async (req, res) => {
        const { repository, issue } = findIssue(forge, req, res, 'write');
        const { login } = requireCaller(res);
        const input = parseBody(
          req,
          'Issue',
          z.object({ assignees: z.array(z.string()).default([]) }),
        );
        const named = knownUsers(forge, input.assignees);
        forge.issues.update(issue.id, {
          assignees:
            method === 'post'
              ? [...new Set([...issue.assignees, ...named])].slice(0, 10)
              : issue.assignees.filter(name => !named.includes(name)),
        });
        const action = method === 'post' ? 'assigned' : 'unassigned';
        for (const name of named) {
          await publishIssue(forge, repository, issue.id, action, login, {
            assignee: forge.serialize.user(name),
          });
        }
        res
          .status(method === 'post' ? 201 : 200)
          .json(read(repository, issue.id));
      }),
    );
  }

  for (const method of ['put', 'delete'] as const) {
    router[method](
      '/repos/:owner/:repo/issues/:number(\\d+)/lock',
      route((req, res) => {
        const { issue } = findIssue(forge, req, res, 'write');
        forge.issues.update(issue.id, { locked: method === 'put' });
        res.status(204).end();
      }),
    );
  }

  return router;
}
