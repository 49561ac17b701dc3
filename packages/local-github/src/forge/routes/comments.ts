// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Forge } from '../Forge';
import { assertAccess, findRepository } from '../http/access';
import { getCaller, requireCaller } from '../http/authenticate';
import { ApiError, notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { numberParam, queryString } from '../http/route';
import { bodyOf, RouteTable, type Exchange } from '../http/RouteTable';
import { issue as serializeIssue, issueComment } from '../serialize/issue';
import type { Comment, Issue } from '../stores/IssueStore';
import type { ForgeRepository } from '../types';
import { issueOf } from './issueOf';

const commentBody = z.object({ body: z.string().min(1).max(65_536) });

/** Comments of issues and pull requests. */
export function commentRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const publish = (
    repository: ForgeRepository,
    issue: Issue,
    comment: Comment,
    action: string,
    sender: string,
    extra: Record<string, unknown> = {},
  ) =>
    forge.publish({
      name: 'issue_comment',
      action,
      repository,
      sender,
      payload: {
        action,
        issue: serializeIssue(forge, repository, issue),
        comment: issueComment(forge, repository, issue, comment),
        repository: forge.serialize.repository(repository),
        ...extra,
      },
    });

  const commentOf = (wanted: 'read' | 'write') => ({
    right: `issues:${wanted}`,
    check: ({ req, res }: Exchange) => {
      const repository = findRepository(forge, req, res, 'metadata', 'read');
      const comment = forge.issues.findComment(numberParam(req, 'id') ?? 0);
      const issue = comment && forge.issues.findById(comment.issue_id);
      if (!comment || issue?.repository_id !== repository.id) {
        throw notFound();
      }
      const caller = wanted === 'write' ? requireCaller(res) : getCaller(res);
      const isOwn =
        caller?.repositoryId === undefined && caller?.login === comment.author;
      assertAccess(
        forge,
        caller,
        repository,
        issue.is_pull ? 'pull_requests' : 'issues',
        isOwn ? 'read' : wanted,
      );
      return { repository, issue, comment, login: caller?.login ?? '' };
    },
  });

  routes.get(
    '/issues/:number(\\d+)/comments',
    issueOf(forge, 'read'),
    ({ repository, issue, req, res }) => {
      const since = queryString(req, 'since');
      const comments = forge.issues
        .listComments(issue.id)
        .filter(comment => !since || comment.updated_at >= since);
      return paginate(req, res, comments).map(comment =>
        issueComment(forge, repository, issue, comment),
      );
    },
  );

  routes.post(
    '/issues/:number(\\d+)/comments',
    issueOf(forge, 'comment'),
    bodyOf('IssueComment', commentBody),
    ({ repository, issue, caller, input: { body }, res }) => {
      const level = forge.access.level(caller, repository);
      if (issue.locked && level !== 'write' && level !== 'admin') {
        throw new ApiError(
          403,
          'Unable to create comment because issue is locked.',
        );
      }
      const comment = forge.issues.addComment(issue.id, caller.login, body);
      publish(repository, issue, comment, 'created', caller.login);
      const answer = issueComment(forge, repository, issue, comment);
      res.status(201).location(answer.url).json(answer);
    },
  );

  routes.get('/issues/comments', 'issues:read', ({ repository, req, res }) => {
    const comments = forge.issues.listRepositoryComments(repository.id);
    return paginate(req, res, comments).flatMap(comment => {
      const issue = forge.issues.findById(comment.issue_id);
      return issue ? [issueComment(forge, repository, issue, comment)] : [];
    });
  });

  routes.get(
    '/issues/comments/:id(\\d+)',
    commentOf('read'),
    ({ repository, issue, comment }) =>
      issueComment(forge, repository, issue, comment),
  );

  routes.patch(
    '/issues/comments/:id(\\d+)',
    commentOf('write'),
    bodyOf('IssueComment', commentBody),
    ({ repository, issue, comment, login, input: { body } }) => {
      forge.issues.updateComment(comment.id, body);
      const next = forge.issues.findComment(comment.id) ?? comment;
      publish(repository, issue, next, 'edited', login, {
        changes: { body: { from: comment.body } },
      });
      return issueComment(forge, repository, issue, next);
    },
  );

  routes.delete(
    '/issues/comments/:id(\\d+)',
    commentOf('write'),
    ({ repository, issue, comment, login }) => {
      forge.issues.removeComment(comment.id);
      publish(repository, issue, comment, 'deleted', login);
    },
  );

  return routes;
}
