// SPDX-License-Identifier: Apache-2.0
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import type { ForgeRepository } from '../types';
import { connection, type ConnectionArguments } from './connection';

export interface PullRequestArguments extends ConnectionArguments {
  states?: string[] | null;
}

/** Pull requests whose head is this branch. */
export function associatedPullRequests(
  forge: Forge,
  repository: ForgeRepository,
  ref: string,
  args: PullRequestArguments,
) {
  const branch = ref.replace(/^refs\/heads\//, '');
  const { items } = forge.issues.list(
    repository.id,
    { isPull: true, state: 'all', direction: 'asc' },
    { size: -1, offset: 0 },
  );
  const nodes = items
    .map(issue => ({ issue, pull: forge.pulls.get(issue.id) }))
    .filter(({ pull }) => pull.head_ref === branch)
    .map(({ issue, pull }) => ({
      id: nodeId('PullRequest', issue.id),
      number: issue.number,
      title: issue.title,
      body: issue.body ?? '',
      url: `${forge.urls.web}/${repository.fullName}/pull/${issue.number}`,
      state: pull.merged_at ? 'MERGED' : issue.state.toUpperCase(),
      isDraft: pull.draft === 1,
      baseRefName: pull.base_ref,
      headRefName: pull.head_ref,
      createdAt: issue.created_at,
      updatedAt: issue.updated_at,
    }))
    .filter(({ state }) => !args.states || args.states.includes(state));
  return connection(nodes, args);
}
