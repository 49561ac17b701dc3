// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { writePullRef } from '../events/updatePullsAfterPush';
import type { Forge } from '../Forge';
import { countCommits, mergeBase } from '../git/commits';
import { readRef } from '../git/refs';
import { ApiError, notFound, validationFailed } from '../http/errors';
import { bodyOf, guard, RouteTable } from '../http/RouteTable';
import { mergePull, publishPull } from '../pullRequests';
import { fullPull, simplePull } from '../serialize/pull';
import type { ForgeRepository } from '../types';
import { knownUsers } from './issues';
import { branchOf, pullOf } from './pullLists';

const createBody = z.object({
  title: z.string().min(1).max(256),
  head: z.string().min(1),
  base: z.string().min(1),
  body: z.string().max(65_536).nullish(),
  draft: z.boolean().default(false),
});

const updateBody = z.object({
  title: z.string().min(1).max(256).optional(),
  body: z.string().max(65_536).nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().min(1).optional(),
});

const mergeBody = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
});

function invalid(field: string, message?: string) {
  return validationFailed({
    resource: 'PullRequest',
    field,
    code: message ? 'custom' : 'invalid',
    ...(message && { message }),
  });
}

/** Pull requests between branches of one repository. */
export function pullRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const answer = async (repository: ForgeRepository, id: number) => {
    const issue = forge.issues.findById(id);
    if (!issue) {
      throw notFound();
    }
    return fullPull(forge, repository, issue);
  };

  const author = guard(forge, 'pull_requests:write', ({ caller }) => {
    if (caller.repositoryId !== undefined) {
      // GitHub's setting for this is off unless a person switches it on.
      throw new ApiError(
        403,
        'GitHub Actions is not permitted to create or approve pull requests.',
      );
    }
    return {};
  });

  routes.post(
    '/pulls',
    author,
    bodyOf('PullRequest', createBody),
    async ({ repository, caller, input, res }) => {
      const { gitDir } = repository;
      const headRef = branchOf(repository, input.head);
      const baseSha = await readRef(gitDir, `refs/heads/${input.base}`);
      const headSha =
        headRef && (await readRef(gitDir, `refs/heads/${headRef}`));
      if (!baseSha) {
        throw invalid('base');
      }
      if (!headRef || !headSha) {
        throw invalid('head');
      }
      if (
        headRef === input.base ||
        (await countCommits(gitDir, headSha, [baseSha])) === 0
      ) {
        throw invalid(
          'base',
          `No commits between ${input.base} and ${headRef}`,
        );
      }
      if (!(await mergeBase(gitDir, baseSha, headSha))) {
        throw invalid(
          'base',
          `The ${headRef} branch has no history in common with ${input.base}`,
        );
      }
      const isOpen = forge.pulls
        .findOpen(repository.id, 'head', headRef)
        .some(id => forge.pulls.get(id).base_ref === input.base);
      if (isOpen) {
        throw invalid(
          'head',
          `A pull request already exists for ${repository.owner}:${headRef}.`,
        );
      }
      const issue = forge.db.transaction(() => {
        const created = forge.issues.create({
          repositoryId: repository.id,
          isPull: true,
          title: input.title,
          body: input.body ?? null,
          author: caller.login,
          assignees: [],
        });
        forge.pulls.create({
          issueId: created.id,
          baseRef: input.base,
          baseSha,
          headRef,
          headSha,
          draft: input.draft,
        });
        return created;
      })();
      await writePullRef(repository, issue.number, headSha);
      await publishPull(forge, repository, issue.id, 'opened', caller.login);
      const body = await answer(repository, issue.id);
      res.status(201).location(body.url).json(body);
    },
  );

  routes.patch(
    '/pulls/:number(\\d+)',
    pullOf(forge, 'pull_requests:write'),
    bodyOf('PullRequest', updateBody),
    async ({ repository, issue, caller: { login }, input }) => {
      const pull = forge.pulls.get(issue.id);
      if (input.base !== undefined && input.base !== pull.base_ref) {
        const sha = await readRef(
          repository.gitDir,
          `refs/heads/${input.base}`,
        );
        if (!sha) {
          throw invalid('base');
        }
        forge.pulls.setBase(issue.id, input.base, sha);
      }
      if (input.state === 'open' && pull.merged_at !== null) {
        throw invalid(
          'state',
          'state cannot be changed. The pull request has been merged.',
        );
      }
      forge.issues.update(issue.id, { title: input.title, body: input.body });
      if (input.title !== undefined || input.body !== undefined) {
        await publishPull(forge, repository, issue.id, 'edited', login, {
          changes: {
            ...(input.title !== undefined && { title: { from: issue.title } }),
            ...(input.body !== undefined && { body: { from: issue.body } }),
          },
        });
      }
      if (input.state && input.state !== issue.state) {
        forge.issues.setState(issue.id, input.state, login, null);
        const action = input.state === 'closed' ? 'closed' : 'reopened';
        await publishPull(forge, repository, issue.id, action, login);
      }
      return await answer(repository, issue.id);
    },
  );

  routes.get(
    '/pulls/:number(\\d+)/merge',
    pullOf(forge, 'pull_requests:read'),
    ({ issue }) => {
      if (forge.pulls.get(issue.id).merged_at === null) {
        throw notFound();
      }
    },
  );

  routes.put(
    '/pulls/:number(\\d+)/merge',
    pullOf(forge, 'contents:write'),
    bodyOf('PullRequest', mergeBody),
    async ({ repository, issue, caller: { login }, input }) => {
      const sha = await forge.withLock(repository, async () => {
        const pull = forge.pulls.get(issue.id);
        if (input.sha && input.sha !== pull.head_sha) {
          throw new ApiError(
            409,
            'Head branch was modified. Review and try the merge again.',
          );
        }
        return mergePull(
          forge,
          repository,
          forge.issues.findById(issue.id) ?? issue,
          {
            method: input.merge_method,
            title: input.commit_title,
            message: input.commit_message,
          },
          login,
        );
      });
      return {
        sha,
        merged: true,
        message: 'Pull Request successfully merged',
      };
    },
  );

  for (const method of ['post', 'delete'] as const) {
    routes[method](
      '/pulls/:number(\\d+)/requested_reviewers',
      pullOf(forge, 'pull_requests:write'),
      bodyOf(
        'PullRequest',
        z.object({
          reviewers: z.array(z.string()).default([]),
        }),
      ),
      ({ repository, issue, input, res }) => {
        const pull = forge.pulls.get(issue.id);
        const people = knownUsers(forge, input.reviewers);
        if (people.length < input.reviewers.length) {
          throw new ApiError(
            422,
            'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
          );
        }
        const change = (current: string[], named: string[]) =>
          method === 'post'
            ? [...new Set([...current, ...named])]
            : current.filter(name => !named.includes(name));
        forge.pulls.setReviewers(issue.id, change(pull.reviewers, people));
        res
          .status(method === 'post' ? 201 : 200)
          .json(simplePull(forge, repository, issue));
      },
    );
  }

  return routes;
}
