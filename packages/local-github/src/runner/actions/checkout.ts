// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRefName, isSha } from '../../forge/names';
import { resolveInside } from '../execution/resolveInside';
import type { ActionInvocation, ActionResult } from '../execution/stepTypes';
import type { JobState } from '../execution/JobState';

interface Target {
  /** What is fetched, a refspec each. */
  refspecs: string[];
  /** Arguments of `git checkout`. */
  checkout: string[];
}

const MARKER = '# actions/checkout credentials';

/** actions/checkout: fetches from forge over HTTP with the job's token, as the real one does from GitHub. */
export async function checkout(
  invocation: ActionInvocation,
): Promise<ActionResult> {
  const { inputs, state, log } = invocation;
  const { github } = state.spec.contexts;
  const repository = inputs.get('repository', String(github.repository));
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new Error(
      `Invalid repository '${repository}'. Expected format {owner}/{repo}.`,
    );
  }
  const directory = state.files.writable(
    resolveInside(state.directories.workspace, inputs.get('path', '.')),
  );
  const url = `${state.services.context.urls.web}/${repository}`;
  const token = inputs.get('token', state.token);
  state.masker.add(token);
  const header = `AUTHORIZATION: basic ${Buffer.from(
    `x-access-token:${token}`,
  ).toString('base64')}`;
  state.masker.add(header.split(' ')[2]);
  const credentials = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${state.services.context.urls.web}/.extraheader`,
    GIT_CONFIG_VALUE_0: header,
  };

  log.write(`Syncing repository: ${repository}`);
  await emptyDirectory(directory);
  const git = async (...args: string[]) => {
    log.write(`[command]git ${args.join(' ')}`);
    return invocation.exec('git', args, { cwd: directory, env: credentials });
  };
  const must = async (...args: string[]) => {
    const code = await git(...args);
    if (code !== 0) {
      throw new Error(`The process 'git' failed with exit code ${code}`);
    }
  };

  await must('init', '--quiet', directory);
  await must('remote', 'add', 'origin', url);
  const depth = inputs.integer('fetch-depth', 1);
  const fetch = ['fetch', '--prune', '--no-recurse-submodules'];
  if (depth > 0) {
    fetch.push(
      `--depth=${depth}`,
      inputs.boolean('fetch-tags', false) ? '--tags' : '--no-tags',
    );
  } else {
    // In a step of its own: git does not fetch two things to one ref.
    await must(
      ...fetch,
      '--tags',
      'origin',
      '+refs/heads/*:refs/remotes/origin/*',
    );
  }
  let done = false;
  for (const target of targets(state, repository, inputs.get('ref'))) {
    if ((await git(...fetch, 'origin', ...target.refspecs)) === 0) {
      await must('checkout', '--progress', '--force', ...target.checkout);
      done = true;
      break;
    }
  }
  if (!done) {
    throw new Error(
      `A branch or tag with the name '${inputs.get('ref')}' could not be found`,
    );
  }
  await must('log', '-1', '--format=%H');
  const outputs = async () => {
    const lines: string[] = [];
    await invocation.capture(
      'git',
      ['-C', directory, 'rev-parse', 'HEAD'],
      line => lines.push(line),
    );
    return { ref: inputs.get('ref'), commit: lines.join('') };
  };
  if (!inputs.boolean('persist-credentials', true)) {
    return { outputs: await outputs() };
  }
  const config = state.files.writable(path.join(directory, '.git', 'config'));
  await appendFile(
    config,
    `${MARKER}\n[http "${state.services.context.urls.web}/"]\n\textraheader = ${header}\n`,
  );
  return {
    outputs: await outputs(),
    post: async () => {
      const content = existsSync(config)
        ? state.files.read(config).toString('utf8')
        : '';
      if (content.includes(MARKER)) {
        await writeFile(
          state.files.writable(config),
          content.slice(0, content.indexOf(MARKER)),
        );
      }
    },
  };
}

/** What to try, in this order, for the wanted ref. */
function targets(
  state: JobState,
  repository: string,
  wanted: string,
): Target[] {
  const { github } = state.spec.contexts;
  const own =
    repository.toLowerCase() === String(github.repository).toLowerCase();
  const ref = wanted || (own ? String(github.ref) : '');
  if (!wanted && own) {
    const sha = String(github.sha);
    return [fromCommit(sha, ref)];
  }
  if (ref === '') {
    return [{ refspecs: ['HEAD'], checkout: ['FETCH_HEAD'] }];
  }
  if (isSha(ref)) {
    return [{ refspecs: [ref], checkout: [ref] }];
  }
  if (!isRefName(ref)) {
    throw new Error(`'${ref}' is not the name of a branch or tag`);
  }
  if (ref.startsWith('refs/heads/')) {
    return [fromBranch(ref.slice('refs/heads/'.length))];
  }
  if (ref.startsWith('refs/tags/')) {
    return [fromTag(ref.slice('refs/tags/'.length))];
  }
  if (ref.startsWith('refs/')) {
    return [{ refspecs: [ref], checkout: ['FETCH_HEAD'] }];
  }
  return [fromBranch(ref), fromTag(ref)];
}

function fromCommit(sha: string, ref: string): Target {
  if (ref.startsWith('refs/heads/')) {
    const branch = ref.slice('refs/heads/'.length);
    const remote = `refs/remotes/origin/${branch}`;
    return {
      refspecs: [`+${sha}:${remote}`],
      checkout: ['-B', branch, remote],
    };
  }
  if (ref.startsWith('refs/tags/')) {
    return { refspecs: [`+${sha}:${ref}`], checkout: [ref] };
  }
  const remote = ref.replace(/^refs\//, 'refs/remotes/');
  return { refspecs: [`+${sha}:${remote}`], checkout: [remote] };
}

function fromBranch(branch: string): Target {
  const remote = `refs/remotes/origin/${branch}`;
  return {
    refspecs: [`+refs/heads/${branch}:${remote}`],
    checkout: ['-B', branch, remote],
  };
}

function fromTag(tag: string): Target {
  return {
    refspecs: [`+refs/tags/${tag}:refs/tags/${tag}`],
    checkout: [`refs/tags/${tag}`],
  };
}

async function emptyDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const entry of await readdir(directory)) {
    await rm(path.join(directory, entry), { recursive: true, force: true });
  }
}
