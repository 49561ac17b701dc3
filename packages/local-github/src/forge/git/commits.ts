// SPDX-License-Identifier: Apache-2.0
import { git, gitText } from './git';

export interface Signature {
  name: string;
  email: string;
  /** ISO 8601 with offset, as git has it. */
  date: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

const FIELDS = [
  '%H',
  '%T',
  '%P',
  '%an',
  '%ae',
  '%aI',
  '%cn',
  '%ce',
  '%cI',
  '%B',
];
const FORMAT = `--format=${FIELDS.join('%x00')}`;

function parseCommits(output: string): Commit[] {
  const values = output.split('\0');
  const commits: Commit[] = [];
  for (let i = 0; i + FIELDS.length <= values.length; i += FIELDS.length) {
    const [sha, tree, parents, an, ae, ad, cn, ce, cd, message] = values.slice(
      i,
      i + FIELDS.length,
    );
    commits.push({
      sha,
      tree,
      parents: parents === '' ? [] : parents.split(' '),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      message: message.replace(/(?<!\n)\n+$/, ''),
    });
  }
  return commits;
}

export interface LogOptions {
  /** Commits (full object ids) whose history is left out. */
  not?: string[];
  path?: string;
  author?: string;
  since?: string;
  until?: string;
  skip?: number;
  limit?: number;
  oldestFirst?: boolean;
  firstParent?: boolean;
}

/** History of `from` (full object ids), newest first. */
export async function log(
  gitDir: string,
  from: string[],
  options: LogOptions = {},
): Promise<Commit[]> {
  const { stdout } = await git(gitDir, [
    'log',
    '-z',
    FORMAT,
    ...(options.limit === undefined ? [] : [`--max-count=${options.limit}`]),
    ...(options.skip ? [`--skip=${options.skip}`] : []),
    ...(options.author
      ? [
          '--fixed-strings',
          '--regexp-ignore-case',
          `--author=${options.author}`,
        ]
      : []),
    ...(options.since ? [`--since=${options.since}`] : []),
    ...(options.until ? [`--until=${options.until}`] : []),
    ...(options.oldestFirst ? ['--reverse', '--topo-order'] : []),
    ...(options.firstParent ? ['--first-parent'] : []),
    '--end-of-options',
    ...from,
    ...(options.not ?? []).map(sha => `^${sha}`),
    '--',
    ...(options.path ? [`:(literal)${options.path}`] : []),
  ]);
  return parseCommits(stdout.toString('utf8'));
}

/** One commit by its full object id. */
export async function readCommit(gitDir: string, sha: string): Promise<Commit> {
  const [commit] = await log(gitDir, [sha], { limit: 1 });
  if (!commit) {
    throw new Error(`No commit ${sha}`);
  }
  return commit;
}

/** Writes a commit object; no ref moves. */
export async function writeCommit(
  gitDir: string,
  commit: {
    tree: string;
    parents: string[];
    message: string;
    author: Signature;
    committer: Signature;
  },
): Promise<string> {
  return gitText(
    gitDir,
    ['commit-tree', commit.tree, ...commit.parents.flatMap(sha => ['-p', sha])],
    {
      input: commit.message.endsWith('\n')
        ? commit.message
        : `${commit.message}\n`,
      env: {
        GIT_AUTHOR_NAME: commit.author.name,
        GIT_AUTHOR_EMAIL: commit.author.email,
        GIT_AUTHOR_DATE: commit.author.date,
        GIT_COMMITTER_NAME: commit.committer.name,
        GIT_COMMITTER_EMAIL: commit.committer.email,
        GIT_COMMITTER_DATE: commit.committer.date,
      },
    },
  );
}

export async function countCommits(
  gitDir: string,
  from: string,
  not: string[] = [],
): Promise<number> {
  return Number(
    await gitText(gitDir, [
      'rev-list',
      '--count',
      '--end-of-options',
      from,
      ...not.map(sha => `^${sha}`),
    ]),
  );
}

/** The best common ancestor, or undefined for unrelated histories. */
export async function mergeBase(
  gitDir: string,
  a: string,
  b: string,
): Promise<string | undefined> {
  const { stdout, exitCode } = await git(gitDir, ['merge-base', '--', a, b], {
    okCodes: [1],
  });
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}

export async function isAncestor(
  gitDir: string,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  const { exitCode } = await git(
    gitDir,
    ['merge-base', '--is-ancestor', ancestor, descendant],
    { okCodes: [1] },
  );
  return exitCode === 0;
}

/** Which paths each of these commits added, removed and modified; merges list nothing, as on GitHub. */
export async function listChangedPaths(
  gitDir: string,
  shas: string[],
): Promise<
  Map<string, { added: string[]; removed: string[]; modified: string[] }>
> {
  const changes = new Map(
    shas.map(sha => [
      sha,
      {
        added: new Array<string>(),
        removed: new Array<string>(),
        modified: new Array<string>(),
      },
    ]),
  );
  const { stdout } = await git(
    gitDir,
    [
      'diff-tree',
      '--stdin',
      '--root',
      '-r',
      '-z',
      '--no-renames',
      '--name-status',
    ],
    { input: shas.map(sha => `${sha}\n`).join('') },
  );
  const tokens = stdout.toString('utf8').split('\0');
  let current = changes.get(shas[0]);
  for (let i = 0; i < tokens.length - 1; i++) {
    const token = tokens[i].trim();
    const next = changes.get(token);
    if (next) {
      current = next;
      continue;
    }
    i += 1;
    const path = tokens[i];
    if (token === 'A') {
      current?.added.push(path);
    } else if (token === 'D') {
      current?.removed.push(path);
    } else {
      current?.modified.push(path);
    }
  }
  return changes;
}
