// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { isAncestor, listChangedPaths, log, type Commit } from '../git/commits';
import { gitText } from '../git/git';
import {
  listRefs,
  readRef,
  resolveCommit,
  setDefaultBranch,
  ZERO_SHA,
} from '../git/refs';
import { timestamp } from '../database';
import {
  pushRepository,
  repository as serializeRepository,
} from '../serialize/repository';
import { simpleUser } from '../serialize/user';
import type { ForgeRepository } from '../types';
import { updatePullsAfterPush } from './updatePullsAfterPush';
import type { RefUpdate } from './PushRecorder';

// GitHub lists no more commits than this in one payload.
const MAX_COMMITS = 2048;

type ChangedPaths = { added: string[]; removed: string[]; modified: string[] };

/** GitHub's form of a commit in `push` payloads. */
function pushCommit(
  forge: Forge,
  repository: ForgeRepository,
  commit: Commit,
  paths: ChangedPaths | undefined,
) {
  const person = ({ name, email }: { name: string; email: string }) => ({
    name,
    email,
    ...(forge.accounts.find(name) && { username: name }),
  });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${forge.urls.web}/${repository.fullName}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths?.added ?? [],
    removed: paths?.removed ?? [],
    modified: paths?.modified ?? [],
  };
}

/** One commit with its paths, as `head_commit` has it. */
export async function headCommit(
  forge: Forge,
  repository: ForgeRepository,
  sha: string,
) {
  const [commit] = await log(repository.gitDir, [sha], { limit: 1 });
  // `sha` may be an annotated tag's.
  const paths = await listChangedPaths(repository.gitDir, [commit.sha]);
  return pushCommit(forge, repository, commit, paths.get(commit.sha));
}

async function listNewCommits(
  repository: ForgeRepository,
  update: RefUpdate,
): Promise<Commit[]> {
  if (update.after === ZERO_SHA) {
    return [];
  }
  const known =
    update.before === ZERO_SHA
      ? (await listRefs(repository.gitDir, 'refs/heads'))
          .filter(({ name }) => name !== update.ref)
          .map(({ sha }) => sha)
      : [update.before];
  return log(repository.gitDir, [update.after], {
    not: known,
    limit: MAX_COMMITS,
    oldestFirst: true,
  });
}

async function adoptDefaultBranch(
  forge: Forge,
  repository: ForgeRepository,
  ref: string,
): Promise<ForgeRepository> {
  const current = `refs/heads/${repository.defaultBranch}`;
  if (ref === current || (await readRef(repository.gitDir, current))) {
    return repository;
  }
  const defaultBranch = ref.slice('refs/heads/'.length);
  await setDefaultBranch(repository.gitDir, defaultBranch);
  forge.repositories.update(repository.id, { defaultBranch });
  return { ...repository, defaultBranch };
}

async function isForced(repository: ForgeRepository, update: RefUpdate) {
  return (
    update.before !== ZERO_SHA &&
    update.after !== ZERO_SHA &&
    update.ref.startsWith('refs/heads/') &&
    !(await isAncestor(repository.gitDir, update.before, update.after))
  );
}

async function measureSize(repository: ForgeRepository): Promise<number> {
  const output = await gitText(repository.gitDir, ['count-objects', '-v']);
  const number = (key: string) =>
    Number(new RegExp(`^${key}: (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return number('size') + number('size-pack');
}

function compareUrl(
  forge: Forge,
  repository: ForgeRepository,
  update: RefUpdate,
) {
  const web = `${forge.urls.web}/${repository.fullName}`;
  const short = (sha: string) => sha.slice(0, 12);
  return update.before === ZERO_SHA || update.after === ZERO_SHA
    ? `${web}/commits/${update.ref.replace(/^refs\/(heads|tags)\//, '')}`
    : `${web}/compare/${short(update.before)}...${short(update.after)}`;
}

async function publishUpdate(
  forge: Forge,
  repository: ForgeRepository,
  update: RefUpdate,
  sender: string,
): Promise<void> {
  const created = update.before === ZERO_SHA;
  const deleted = update.after === ZERO_SHA;
  const commits = await listNewCommits(repository, update);
  const paths =
    commits.length === 0
      ? new Map<string, ChangedPaths>()
      : await listChangedPaths(
          repository.gitDir,
          commits.map(({ sha }) => sha),
        );
  const refType = update.ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  const shortRef = update.ref.replace(/^refs\/(heads|tags)\//, '');
  const account = simpleUser(forge, sender);
  const refPayload = {
    ref: shortRef,
    ref_type: refType,
    pusher_type: 'user',
    repository: serializeRepository(forge, repository),
  };
  if (created) {
    forge.publish({
      name: 'create',
      repository,
      sender,
      payload: {
        ...refPayload,
        master_branch: repository.defaultBranch,
        description: null,
      },
    });
  }
  forge.publish({
    name: 'push',
    repository,
    sender,
    payload: {
      ref: update.ref,
      before: update.before,
      after: update.after,
      repository: pushRepository(forge, repository),
      pusher: {
        name: account.login,
        email: `${account.login}@users.noreply.localhost`,
      },
      created,
      deleted,
      forced: await isForced(repository, update),
      base_ref: null,
      compare: compareUrl(forge, repository, update),
      commits: commits.map(commit =>
        pushCommit(forge, repository, commit, paths.get(commit.sha)),
      ),
      head_commit: deleted
        ? null
        : await headCommit(forge, repository, update.after),
    },
  });
  if (deleted) {
    forge.publish({ name: 'delete', repository, sender, payload: refPayload });
  }
}

/** Emits GitHub's events for refs that moved, and brings pull requests up to date. */
export async function publishPush(
  forge: Forge,
  repository: ForgeRepository,
  updates: RefUpdate[],
  sender: string,
): Promise<void> {
  const visible: RefUpdate[] = [];
  for (const update of updates) {
    const { ref, after } = update;
    // A tag may name a file or a tree; GitHub tells nobody of those.
    const isCommit =
      after === ZERO_SHA || (await resolveCommit(repository.gitDir, after));
    if (/^refs\/(heads|tags)\//.test(ref) && isCommit) {
      visible.push(update);
    }
  }
  if (visible.length === 0) {
    return;
  }
  forge.repositories.update(repository.id, {
    pushedAt: timestamp(),
    size: await measureSize(repository),
  });
  let current = repository;
  for (const update of visible) {
    if (update.ref.startsWith('refs/heads/') && update.after !== ZERO_SHA) {
      current = await adoptDefaultBranch(forge, current, update.ref);
    }
    await publishUpdate(forge, current, update, sender);
    await updatePullsAfterPush(forge, current, update, sender);
  }
}
