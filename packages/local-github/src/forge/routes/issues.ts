// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Forge } from '../Forge';
import { isAtLeast } from '../http/access';
import { notFound, validationFailed } from '../http/errors';
import { readPage, setLinkHeader } from '../http/pagination';
import { queryString } from '../http/route';
import { bodyOf, RouteTable } from '../http/RouteTable';
import { publishPull } from '../pullRequests';
import { issue as serializeIssue } from '../serialize/issue';
import type { ForgeRepository } from '../types';
import { issueOf, issueOpener } from './issueOf';

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
export function issueRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const read = (repository: ForgeRepository, id: number) => {
    const issue = forge.issues.findById(id);
    if (!issue) {
      throw notFound();
    }
    return serializeIssue(forge, repository, issue);
  };

  routes.get('/issues', 'issues:read', ({ repository, req, res }) => {
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
    return items.map(issue => serializeIssue(forge, repository, issue));
  });

  routes.post(
    '/issues',
    issueOpener(forge),
    bodyOf('Issue', createBody),
    async ({ repository, caller, input, res }) => {
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
    },
  );

  routes.get(
    '/issues/:number(\\d+)',
    issueOf(forge, 'read'),
    ({ repository, issue }) => serializeIssue(forge, repository, issue),
  );

  routes.patch(
    '/issues/:number(\\d+)',
    issueOf(forge, 'write'),
    bodyOf('Issue', updateBody),
    async ({ repository, issue, caller: { login }, input }) => {
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
      return read(repository, issue.id);
    },
  );

  for (const method of ['post', 'delete'] as const) {
    routes[method](
      '/issues/:number(\\d+)/assignees',
      issueOf(forge, 'write'),
      bodyOf('Issue', z.object({ assignees: z.array(z.string()).default([]) })),
      async ({ repository, issue, caller: { login }, input, res }) => {
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
      },
    );
  }

  for (const method of ['put', 'delete'] as const) {
    routes[method](
      '/issues/:number(\\d+)/lock',
      issueOf(forge, 'write'),
      ({ issue }) => {
        forge.issues.update(issue.id, { locked: method === 'put' });
      },
    );
  }

  return routes;
}
