// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { numberParam } from '../http/route';
import { bodyOf, guard, RouteTable } from '../http/RouteTable';
import { authorAssociation } from '../serialize/issue';
import type { Schema } from '../serialize/Schema';
import { simpleUser } from '../serialize/user';
import type { CommitComment } from '../stores/CommitCommentStore';
import type { ForgeRepository } from '../types';
import { requireCommit } from './commits';

const commentBody = z.object({ body: z.string().min(1).max(65_536) });

/** Comments on commits, as a whole: forge has no comments on lines. */
export function commitCommentRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const serialize = (repository: ForgeRepository, comment: CommitComment) =>
    ({
      html_url: `${forge.urls.web}/${repository.fullName}/commit/${comment.sha}#commitcomment-${comment.id}`,
      url: `${forge.urls.api}/repos/${repository.fullName}/comments/${comment.id}`,
      id: comment.id,
      node_id: nodeId('CommitComment', comment.id),
      body: comment.body,
      path: null,
      position: null,
      line: null,
      commit_id: comment.sha,
      user: simpleUser(forge, comment.author),
      created_at: comment.created_at,
      updated_at: comment.updated_at,
      author_association: authorAssociation(forge, repository, comment.author),
    }) satisfies Schema<'commit-comment'>;

  const find = (repository: ForgeRepository, id: number | undefined) => {
    const comment = forge.commitComments.find(repository.id, id ?? 0);
    if (!comment) {
      throw notFound();
    }
    return comment;
  };
  const changed = guard(forge, 'contents:write', ({ repository, req }) => ({
    comment: find(repository, numberParam(req, 'id')),
  }));

  routes.get(
    '/commits/:sha/comments',
    'contents:read',
    async ({ repository, req, res }) => {
      const sha = await requireCommit(repository, req.params.sha);
      const comments = forge.commitComments.list(repository.id, sha);
      return paginate(req, res, comments).map(comment =>
        serialize(repository, comment),
      );
    },
  );

  routes.post(
    '/commits/:sha/comments',
    'contents:write',
    bodyOf('CommitComment', commentBody),
    async ({ repository, caller, input, req, res }) => {
      const comment = forge.commitComments.create({
        repository_id: repository.id,
        sha: await requireCommit(repository, req.params.sha),
        author: caller.login,
        body: input.body,
      });
      const answer = serialize(repository, comment);
      res.status(201).location(answer.url).json(answer);
    },
  );

  routes.get('/comments/:id(\\d+)', 'contents:read', ({ repository, req }) =>
    serialize(repository, find(repository, numberParam(req, 'id'))),
  );

  routes.patch(
    '/comments/:id(\\d+)',
    changed,
    bodyOf('CommitComment', commentBody),
    ({ repository, comment, input: { body } }) => {
      forge.commitComments.update(comment.id, body);
      return serialize(repository, find(repository, comment.id));
    },
  );

  routes.delete('/comments/:id(\\d+)', changed, ({ comment }) => {
    forge.commitComments.remove(comment.id);
  });

  return routes;
}
