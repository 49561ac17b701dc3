// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { hashFiles } from '../expressions/hashFiles';
import type { ActionInvocation } from '../execution/stepTypes';
import type { JobState } from '../execution/JobState';

/** What makes one environment differ from another, the first kind that the workspace has. */
const lockFiles = [
  /^requirements.*\.lock$/,
  /^requirements.*\.txt$/,
  /^uv\.lock$/,
  /^pyproject\.toml$/,
];

/** What this product runs on. */
const ANY = '>=3.10';

/** Puts `uv` on the job's PATH. */
export async function provideUv(state: JobState): Promise<void> {
  const bin = path.join(state.directories.tools, 'bin');
  await mkdir(bin, { recursive: true });
  const link = path.join(bin, 'uv');
  if (!existsSync(link)) {
    await symlink(state.services.uv, link);
  }
  addToPath(state, bin);
}

/** The Python that answers to a version such as `3.12`, or this machine's if that one is not installed. */
export async function findPython(
  invocation: ActionInvocation,
  wanted: string,
): Promise<{ executable: string; version: string }> {
  const request = wanted.replace(/-dev$/, '').replace(/\.x$/, '');
  // Asked for without a version, uv would want the one of .python-version.
  for (const version of request ? [request, ANY] : [ANY]) {
    const executable = await output(invocation, [
      'python',
      'find',
      '--no-python-downloads',
      '--system',
      version,
    ]);
    if (executable) {
      const found = await output(
        invocation,
        ['-c', 'import platform; print(platform.python_version())'],
        executable,
      );
      if (found) {
        if (version !== request && request) {
          invocation.log.warning(
            `Python ${request} is not installed on this machine; Python ${found} is used instead`,
          );
        }
        return { executable, version: found };
      }
    }
  }
  throw new Error(
    'No Python was found on this machine. Install Python 3.10 or later.',
  );
}

/**
 * Makes the environment that belongs to the workspace's lock file and gives it to the job as `VIRTUAL_ENV`. Jobs with the
 * same lock file and Python have it one after the other, and those that run at once have one each, since what a job
 * installs from its own workspace would be taken from under the others. Without a lock file it goes away with the job.
 */
export async function useEnvironment(
  invocation: ActionInvocation,
  python: { executable: string; version: string },
  /** Files that the workflow itself names as what the environment depends on. */
  dependencyFiles: string[],
): Promise<string> {
  const { state, log } = invocation;
  const hash = await lockHash(state, dependencyFiles, python.version);
  const directory = hash
    ? await state.takeFolder(path.join(state.services.cacheDir, 'envs', hash))
    : path.join(state.directories.tools, 'python');
  if (!existsSync(path.join(directory, 'pyvenv.cfg'))) {
    await createEnvironment(invocation, directory, python.executable);
  }
  log.write(
    hash
      ? `Using the Python environment of this lock file: ${directory}`
      : `No lock file was found; using an environment of this job: ${directory}`,
  );
  state.env.VIRTUAL_ENV = directory;
  addToPath(state, path.join(directory, 'bin'));
  return directory;
}

async function createEnvironment(
  invocation: ActionInvocation,
  directory: string,
  python: string,
): Promise<void> {
  await mkdir(path.dirname(directory), { recursive: true });
  const create = (...more: string[]) =>
    invocation.exec(invocation.state.services.uv, [
      'venv',
      '--quiet',
      '--allow-existing',
      '--python',
      python,
      ...more,
      directory,
    ]);
  // pip is wanted by steps that call it, but an environment without it serves the others.
  if ((await create('--seed')) !== 0 && (await create()) !== 0) {
    throw new Error(`The Python environment ${directory} could not be made`);
  }
}

async function lockHash(
  { directories: { workspace }, files }: JobState,
  dependencyFiles: string[],
  pythonVersion: string,
): Promise<string | undefined> {
  const named = hashFiles(workspace, dependencyFiles, files);
  if (named !== '') {
    return createHash('sha256')
      .update(named)
      .update(pythonVersion)
      .digest('hex');
  }
  const names = (await readdir(workspace)).sort();
  const kind = lockFiles.find(pattern =>
    names.some(name => pattern.test(name)),
  );
  if (!kind) {
    return undefined;
  }
  const hash = createHash('sha256');
  for (const name of names.filter(candidate => kind.test(candidate))) {
    hash.update(files.read(path.join(workspace, name)));
  }
  return hash.update(pythonVersion).digest('hex');
}

async function output(
  invocation: ActionInvocation,
  args: string[],
  command = invocation.state.services.uv,
): Promise<string | undefined> {
  const lines: string[] = [];
  const code = await invocation.capture(command, args, line =>
    lines.push(line),
  );
  return code === 0 ? lines[0]?.trim() || undefined : undefined;
}

function addToPath(state: JobState, directory: string): void {
  state.path = [directory, ...state.path.filter(entry => entry !== directory)];
}
