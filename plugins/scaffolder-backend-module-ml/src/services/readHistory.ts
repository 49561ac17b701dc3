// SPDX-License-Identifier: Apache-2.0
import { InputError } from '@backstage/errors';
import type { Octokit } from '@octokit/rest';
import { ifFound } from './GithubRepositories';
import {
  parseTemplateRecord,
  RECORD_PATH,
  type TemplateRecord,
} from './TemplateRecord';

/** More upgrades than that are none of the history's last ones. */
const MAX_COMMITS = 100;

/** A repository in Octokit's words. */
export interface RepositoryName {
  owner: string;
  repo: string;
}

/** Of a repository that a template made: what it says, and where an upgrade begins. */
export interface RepositoryHistory {
  defaultBranch: string;
  record: TemplateRecord;
  /** The newest commit that holds nothing but a rendering. */
  base: { commit: string; record: TemplateRecord };
  /** Whether an upgrade was squashed or rebased after it, so that git cannot know it. */
  isPassedOver: boolean;
}

/** One file of a commit. */
export interface TreeEntry {
  sha: string;
  mode: string;
}

async function readText(
  octokit: Octokit,
  { ref, ...at }: RepositoryName & { ref: string; path: string },
): Promise<string | undefined> {
  const found = await ifFound(octokit.repos.getContent({ ...at, ref }));
  return found && 'content' in found.data
    ? Buffer.from(found.data.content, 'base64').toString('utf8')
    : undefined;
}

/** The record of a commit; undefined where it has none. */
export async function readRecord(
  octokit: Octokit,
  at: RepositoryName & { ref: string },
): Promise<TemplateRecord | undefined> {
  const text = await readText(octokit, { ...at, path: RECORD_PATH });
  return text === undefined ? undefined : parseTemplateRecord(text);
}

/**
 * Finds the commit that an upgrade begins from: that of the last upgrade, whose record names its parent, or the one
 * that brought the record in. What a person has merged by squashing holds the owner's edits too, and is passed over.
 *
 * @throws InputError where no template made the repository
 */
export async function readHistory(
  octokit: Octokit,
  name: RepositoryName,
): Promise<RepositoryHistory> {
  const { data } = await octokit.repos.get({ ...name });
  const defaultBranch = data.default_branch;
  const record = await readRecord(octokit, { ...name, ref: defaultBranch });
  if (!record) {
    throw new InputError(
      `repository: ${name.owner}/${name.repo} has no ${RECORD_PATH} as a template writes it, so that nobody knows its answers`,
    );
  }
  const commits = await octokit.repos.listCommits({
    ...name,
    sha: defaultBranch,
    path: RECORD_PATH,
    per_page: MAX_COMMITS,
  });
  let isPassedOver = false;
  for (const { sha, parents } of commits.data) {
    const found = await readRecord(octokit, { ...name, ref: sha });
    const isUpgrade =
      found?.base !== undefined &&
      parents.length === 1 &&
      parents[0].sha === found.base;
    if (
      found &&
      (isUpgrade || (await isFirst(octokit, name, { found, parents })))
    ) {
      const base = { commit: sha, record: found };
      return { defaultBranch, record, base, isPassedOver };
    }
    isPassedOver ||= found?.base !== undefined && parents.length === 1;
  }
  throw new InputError(
    `repository: the history of ${name.owner}/${name.repo} has no commit that made it from a template`,
  );
}

async function isFirst(
  octokit: Octokit,
  name: RepositoryName,
  options: { found: TemplateRecord; parents: Array<{ sha: string }> },
): Promise<boolean> {
  if (options.found.base !== undefined) {
    return false;
  }
  for (const { sha } of options.parents) {
    if (await readText(octokit, { ...name, ref: sha, path: RECORD_PATH })) {
      return false;
    }
  }
  return true;
}

/** The files of a commit, by path. */
export async function readTree(
  octokit: Octokit,
  { commit, ...name }: RepositoryName & { commit: string },
): Promise<Map<string, TreeEntry>> {
  const { data } = await octokit.git.getTree({
    ...name,
    tree_sha: commit,
    recursive: 'true',
  });
  if (data.truncated) {
    throw new InputError(
      `repository: ${name.owner}/${name.repo} has too many files for GitHub to list; upgrade it in a clone, by npm run template -- upgrade`,
    );
  }
  return new Map(
    data.tree
      .filter(({ type }) => type !== 'tree')
      .map(({ path = '', sha = '', mode = '' }) => [path, { sha, mode }]),
  );
}
