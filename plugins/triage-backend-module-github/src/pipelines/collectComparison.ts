// SPDX-License-Identifier: Apache-2.0
import type { CompareInput } from '@greenroom/triage-engine';
import type { GithubClient } from '../client/GithubClients';
import { orNone } from '../client/toGithubError';

/** The newest of the commits, whose files are asked for one by one. */
const MAX_COMMITS = 10;
const MAX_PATCH = 20_000;
const MAX_FILES = 8;
const MAX_FILE = 1024 * 1024;
/** Of which the engine compares the text, by name; requirements have any. */
const COMPARED =
  /^(?:pyproject\.toml|uv\.lock|poetry\.lock|package-lock\.json|yarn\.lock|go\.mod)$/;
const REQUIREMENTS = /\.(?:txt|lock|in)$/;
const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;

function isCompared(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    WORKFLOW.test(path) ||
    COMPARED.test(name) ||
    (name.includes('requirements') && REQUIREMENTS.test(name))
  );
}

type Commits = NonNullable<CompareInput['commits']>;

/** What changed since the last green run. */
export async function collectComparison(
  client: GithubClient,
  options: {
    base: string;
    head: string;
    durations: {
      failed: Record<string, number>;
      green: Record<string, number>;
    };
    signal: AbortSignal;
  },
): Promise<CompareInput> {
  const { base, head, durations, signal } = options;
  const { octokit, owner, repo } = client;
  const answer =
    base === head
      ? undefined
      : await orNone(
          octokit.repos.compareCommitsWithBasehead({
            owner,
            repo,
            basehead: `${base}...${head}`,
            request: { signal },
          }),
        );
  const commits: Commits = [];
  for (const { sha } of answer?.data.commits.slice(-MAX_COMMITS) ?? []) {
    commits.push(...(await readCommit(client, sha, signal)));
  }
  const changed = (answer?.data.files ?? [])
    .map(({ filename }) => filename)
    .filter(isCompared)
    .slice(0, MAX_FILES);
  const [failedFiles, greenFiles] = await Promise.all([
    readFiles(client, changed, head, signal),
    readFiles(client, changed, base, signal),
  ]);
  return {
    commits,
    failed: { commit: head, durations: durations.failed, files: failedFiles },
    green: { commit: base, durations: durations.green, files: greenFiles },
  };
}

async function readCommit(
  { octokit, owner, repo }: GithubClient,
  sha: string,
  signal: AbortSignal,
): Promise<Commits> {
  const answer = await orNone(
    octokit.repos.getCommit({ owner, repo, ref: sha, request: { signal } }),
  );
  if (!answer) {
    return [];
  }
  const { commit, author, files = [] } = answer.data;
  return [
    {
      sha,
      message: commit.message.split('\n')[0].slice(0, 500),
      author: commit.author?.name ?? author?.login,
      files: files.map(({ filename, status, patch }) => ({
        path: filename,
        status,
        patch: patch?.slice(0, MAX_PATCH),
      })),
    },
  ];
}

async function readFiles(
  { octokit, owner, repo }: GithubClient,
  paths: string[],
  ref: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of paths) {
    const answer = await orNone(
      octokit.repos.getContent({ owner, repo, path, ref, request: { signal } }),
    );
    const data = answer?.data;
    if (
      data &&
      !Array.isArray(data) &&
      data.type === 'file' &&
      data.size <= MAX_FILE
    ) {
      files[path] = Buffer.from(data.content, 'base64').toString();
    }
  }
  return files;
}
