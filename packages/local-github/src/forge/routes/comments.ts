import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { assertAccess, findRepository } from '../http/access';
import { getCaller, requireCaller } from '../http/authenticate';
import { ApiError, notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { numberParam, parseBody, queryString, route } from '../http/route';
import { issue as serializeIssue, issueComment } from '../serialize/issue';
import type { Comment, Issue } from '../stores/IssueStore';
import type { ForgeRepository } from '../types';
import { findIssue } from './issues';

const commentBody = z.object({ body: z.string().min(1).max(65_536) });

/** Comments of issues and pull requests. */
export function commentRoutes(forge: Forge): Router {
  const router = Router();

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

  const find = (req: Request, res: Response, wanted: 'read' | 'write') => {
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
    return { repository, issue, comment };
  };

  router.get(
    '/repos/:owner/:repo/issues/:number(\\d+)/comments',
    route((req, res) => {
      const { repository, issue } = findIssue(forge, req, res, 'read');
      const since = queryString(req, 'since');
      const comments = forge.issues
        .listComments(issue.id)
        .filter(comment => !since || comment.updated_at >= since);
      res.json(
        paginate(req, res, comments).map(comment =>
          issueComment(forge, repository, issue, comment),
        ),
      );
    }),
  );

  router.post(
    '/repos/:owner/:repo/issues/:number(\\d+)/comments',
    route((req, res) => {
      const caller = requireCaller(res);
      const { repository, issue } = findIssue(
        forge,
        req,
        res,
        caller.repositoryId === undefined ? 'read' : 'write',
      );
      const level = forge.access.level(caller, repository);
      if (issue.locked && level !== 'write' && level !== 'admin') {
        throw new ApiError(
          403,
          'Unable to create comment because issue is locked.',
        );
      }
      const { body } = parseBody(req, 'IssueComment', commentBody);
      const comment = forge.issues.addComment(issue.id, caller.login, body);
      publish(repository, issue, comment, 'created', caller.login);
      const answer = issueComment(forge, repository, issue, comment);
      res.status(201).location(answer.url).json(answer);
    }),
  );

  router.get(
    '/repos/:owner/:repo/issues/comments',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'issues', 'read');
      const comments = forge.issues.listRepositoryComments(repository.id);
      res.json(
        paginate(req, res, comments).flatMap(comment => {
          const issue = forge.issues.findById(comment.issue_id);
          return issue ? [issueComment(forge, repository, issue, comment)] : [];
        }),
      );
    }),
  );

  router.get(
    '/repos/:owner/:repo/issues/comments/:id(\\d+)',
    route((req, res) => {
      const { repository, issue, comment } = find(req, res, 'read');
      res.json(issueComment(forge, repository, issue, comment));
    }),
  );

  router.patch(
    '/repos/:owner/:repo/issues/comments/:id(\\d+)',
    route((req, res) => {
      const { repository, issue, comment } = find(req, res, 'write');
      const { body } = parseBody(req, 'IssueComment', commentBody);
      forge.issues.updateComment(comment.id, body);
      const next = forge.issues.findComment(comment.id) ?? comment;
      publish(repository, issue, next, 'edited', requireCaller(res).login, {
        changes: { body: { from: comment.body } },
      });
      res.json(issueComment(forge, repository, issue, next));
    }),
  );

  router.delete(
    '/repos/:owner/:repo/issues/comments/:id(\\d+)',
    route((req, res) => {
      const { repository, issue, comment } = find(req, res, 'write');
      forge.issues.removeComment(comment.id);
      publish(repository, issue, comment, 'deleted', requireCaller(res).login);
      res.status(204).end();
    }),
  );

  return router;
}
