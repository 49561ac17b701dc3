// SPDX-License-Identifier: Apache-2.0
import type { ForgeEvent, ForgeRepository } from '../../forge/types';
import { gitText } from '../../forge/git/git';
import { mergeTrees } from '../../forge/git/merges';
import { resolveCommit, ZERO_SHA } from '../../forge/git/refs';
import { changedFiles, mergeBase } from '../repositoryFiles';
import type { TriggerFacts } from '../workflow/matchTrigger';

/** The commit, ref and filter facts of an event. */
export interface ResolvedEvent {
  ref: string;
  /** `github.sha`. */
  sha: string;
  headSha: string;
  headBranch: string | null;
  /** The commit whose workflow files count. */
  definitionSha: string;
  facts: TriggerFacts;
}

/** Where an event's workflows run; undefined if they cannot: a deleted branch, a pull request with conflicts. */
export async function resolveEvent(
  event: ForgeEvent,
): Promise<ResolvedEvent | undefined> {
  switch (event.name) {
    case 'push':
      return resolvePush(event);
    case 'pull_request':
      return resolvePullRequest(event);
    default:
      return resolveOther(event);
  }
}

async function resolvePush(
  event: ForgeEvent,
): Promise<ResolvedEvent | undefined> {
  const { repository } = event;
  const ref = text(event.payload.ref);
  const before = text(event.payload.before);
  const after = text(event.payload.after);
  if (after === '' || after === ZERO_SHA) {
    return undefined;
  }
  const sha = await resolveCommit(repository.gitDir, after);
  if (!sha) {
    return undefined;
  }
  const branch = ref.startsWith('refs/heads/')
    ? ref.slice('refs/heads/'.length)
    : undefined;
  return {
    ref,
    sha,
    headSha: sha,
    headBranch: branch ?? ref.replace(/^refs\/tags\//, ''),
    definitionSha: sha,
    facts: {
      event: 'push',
      ref,
      branch,
      changedFiles: async () => {
        // A new branch is compared with where it left the default branch.
        const from =
          before !== '' && before !== ZERO_SHA
            ? before
            : await forkPoint(repository, branch, sha);
        return from ? changedFiles(repository, from, sha) : undefined;
      },
    },
  };
}

async function forkPoint(
  repository: ForgeRepository,
  branch: string | undefined,
  sha: string,
): Promise<string | undefined> {
  return branch === repository.defaultBranch
    ? undefined
    : mergeBase(repository, `refs/heads/${repository.defaultBranch}`, sha);
}

async function resolvePullRequest(
  event: ForgeEvent,
): Promise<ResolvedEvent | undefined> {
  const { repository, payload } = event;
  const pull = object(payload.pull_request);
  const number = Number(payload.number ?? pull.number);
  const head = object(pull.head);
  const base = object(pull.base);
  const headSha = text(head.sha);
  const baseSha = await resolveCommit(
    repository.gitDir,
    `refs/heads/${text(base.ref)}`,
  );
  if (!Number.isInteger(number) || headSha === '' || !baseSha) {
    return undefined;
  }
  const closed = event.action === 'closed';
  const merged = closed
    ? baseSha
    : await mergeCommit(repository, number, baseSha, headSha);
  if (!merged) {
    return undefined;
  }
  return {
    ref: closed ? `refs/heads/${text(base.ref)}` : `refs/pull/${number}/merge`,
    sha: merged,
    headSha,
    headBranch: text(head.ref),
    definitionSha: merged,
    facts: {
      event: 'pull_request',
      action: event.action,
      branch: text(base.ref),
      changedFiles: async () => {
        const from = await mergeBase(repository, baseSha, headSha);
        return changedFiles(repository, from ?? baseSha, headSha);
      },
    },
  };
}

/** The merge of a pull request with its base, at `refs/pull/N/merge` as on GitHub; undefined on conflicts. */
async function mergeCommit(
  repository: ForgeRepository,
  number: number,
  base: string,
  head: string,
): Promise<string | undefined> {
  const { gitDir } = repository;
  const tree = await mergeTrees(
    gitDir,
    await mergeBase(repository, base, head),
    base,
    head,
  );
  if (!tree) {
    return undefined;
  }
  const identity = { name: 'GitHub', email: 'noreply@github.com' };
  const sha = await gitText(
    gitDir,
    [
      'commit-tree',
      tree,
      '-p',
      base,
      '-p',
      head,
      '-m',
      `Merge ${head} into ${base}`,
    ],
    {
      env: {
        GIT_AUTHOR_NAME: identity.name,
        GIT_AUTHOR_EMAIL: identity.email,
        GIT_COMMITTER_NAME: identity.name,
        GIT_COMMITTER_EMAIL: identity.email,
      },
    },
  );
  await gitText(gitDir, ['update-ref', `refs/pull/${number}/merge`, sha]);
  return sha;
}

/** Every other event runs the default branch's files at its head. */
async function resolveOther(
  event: ForgeEvent,
): Promise<ResolvedEvent | undefined> {
  const { repository, payload } = event;
  const ref = `refs/heads/${repository.defaultBranch}`;
  const sha = await resolveCommit(repository.gitDir, ref);
  if (!sha) {
    return undefined;
  }
  const run = object(payload.workflow_run);
  return {
    ref,
    sha,
    headSha: sha,
    headBranch: repository.defaultBranch,
    definitionSha: sha,
    facts: {
      event: event.name,
      action: event.action,
      branch: event.name === 'workflow_run' ? text(run.head_branch) : undefined,
      workflow: event.name === 'workflow_run' ? text(run.name) : undefined,
      changedFiles: async () => undefined,
    },
  };
}

/** A property's text; empty if it is not text. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A property that is an object; empty if it is not. */
export function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
