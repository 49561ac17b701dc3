// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { readCommit } from '../git/commits';
import { listRefs } from '../git/refs';
import { ApiError } from '../http/errors';
import { paginate } from '../http/pagination';
import { bodyOf, RouteTable } from '../http/RouteTable';
import { commit as serializeCommit } from '../serialize/commit';
import { simpleUser } from '../serialize/user';
import type { CommitStatus } from '../stores/StatusStore';
import type { ForgeRepository } from '../types';
import { requireCommit } from './commits';

// GitHub's limit for one context of one commit.
const MAX_STATUSES = 1000;

const statusBody = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.url({ protocol: /^https?$/ }).nullish(),
  description: z.string().max(140).nullish(),
  context: z.string().min(1).max(255).default('default'),
});

/** GitHub's roll-up: a failure counts most, then what is pending or missing. */
export function combinedState(statuses: CommitStatus[]): string {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) {
    return 'failure';
  }
  return statuses.length === 0 ||
    statuses.some(({ state }) => state === 'pending')
    ? 'pending'
    : 'success';
}

/** Commit statuses; GithubUrlReader learns a branch's head from the combined one. */
export function statusRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const simple = (repository: ForgeRepository, status: CommitStatus) => ({
    url: `${forge.urls.api}/repos/${repository.fullName}/statuses/${status.sha}`,
    avatar_url: simpleUser(forge, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.target_url,
    context: status.context,
    created_at: status.created_at,
    updated_at: status.created_at,
  });
  const full = (repository: ForgeRepository, status: CommitStatus) => ({
    ...simple(repository, status),
    creator: simpleUser(forge, status.creator),
  });

  routes.get(
    '/commits/:ref(*)/status',
    'statuses:read',
    async ({ repository, req, res }) => {
      const sha = await requireCommit(repository, req.params.ref);
      const statuses = forge.statuses.latest(repository.id, sha);
      const url = `${forge.urls.api}/repos/${repository.fullName}/commits/${sha}`;
      return {
        state: combinedState(statuses),
        statuses: paginate(req, res, statuses).map(status =>
          simple(repository, status),
        ),
        sha,
        total_count: statuses.length,
        repository: forge.serialize.minimalRepository(repository),
        commit_url: url,
        url: `${url}/status`,
      };
    },
  );

  routes.get(
    ['/commits/:ref(*)/statuses', '/statuses/:ref(*)'],
    'statuses:read',
    async ({ repository, req, res }) => {
      const sha = await requireCommit(repository, req.params.ref);
      const statuses = forge.statuses.list(repository.id, sha);
      return paginate(req, res, statuses).map(status =>
        full(repository, status),
      );
    },
  );

  routes.post(
    '/statuses/:sha',
    'statuses:write',
    bodyOf('Status', statusBody),
    async ({ repository, caller, input, req, res }) => {
      const sha = await requireCommit(repository, req.params.sha);
      const known = forge.statuses
        .list(repository.id, sha)
        .filter(({ context }) => context === input.context);
      if (known.length >= MAX_STATUSES) {
        throw new ApiError(
          422,
          `This SHA and context has reached the maximum number of statuses.`,
        );
      }
      const status = forge.statuses.create({
        repository_id: repository.id,
        sha,
        context: input.context,
        state: input.state,
        description: input.description ?? null,
        target_url: input.target_url ?? null,
        creator: caller.login,
      });
      const value = await readCommit(repository.gitDir, sha);
      const branches = await listRefs(repository.gitDir, 'refs/heads');
      forge.publish({
        name: 'status',
        repository,
        sender: caller.login,
        payload: {
          id: status.id,
          sha,
          name: repository.fullName,
          avatar_url: simpleUser(forge, caller.login).avatar_url,
          target_url: status.target_url,
          context: status.context,
          description: status.description,
          state: status.state,
          commit: serializeCommit(forge, repository, value),
          branches: branches
            .filter(branch => branch.sha === sha)
            .map(({ name }) => ({
              name: name.slice('refs/heads/'.length),
              commit: {
                sha,
                url: `${forge.urls.api}/repos/${repository.fullName}/commits/${sha}`,
              },
              protected: false,
            })),
          created_at: status.created_at,
          updated_at: status.created_at,
          repository: forge.serialize.repository(repository),
        },
      });
      res.status(201).json(full(repository, status));
    },
  );

  return routes;
}
