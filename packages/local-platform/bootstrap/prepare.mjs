// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { requireGit } from './git.mjs';
import { ensureNode } from './node.mjs';
import { killRunning } from './processes.mjs';
import { findPython } from './python.mjs';
import { ensurePythonEnvironment } from './pythonEnvironment.mjs';
import { ensureWorkspace } from './workspace.mjs';

/**
 * What every command that needs more than Node ≥ 18 runs in.
 *
 * @typedef {object} Prepared
 * @property {string} root
 * @property {string} cacheDir
 * @property {string} node Absolute path of a Node that the portal runs on.
 * @property {string} [uv] Absent where no Python was asked for.
 * @property {string} [python] Interpreter of the MLflow environment.
 * @property {NodeJS.ProcessEnv} env With that Node and the workspace's commands first on the PATH.
 */

/** @param {string} root */
export function cacheDirOf(root) {
  return path.resolve(
    process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache'),
  );
}

/** @param {string} root */
export function locksDirOf(root) {
  return path.join(root, 'packages', 'local-platform', 'python');
}

/** Refuses at once what no download can mend. */
export function requireSupportedSystem() {
  if (process.platform === 'win32') {
    throw new Problem(
      'Greenroom runs on Linux and macOS; on Windows use it inside WSL 2.',
      [
        'See https://learn.microsoft.com/windows/wsl/install, then run `npm start` there.',
      ],
    );
  }
}

/**
 * Brings Node, the packages and the Python environment to what the repository asks for.
 *
 * @param {{ root: string, steps: import('./Steps.mjs').Steps, withPython?: boolean }} options
 * @returns {Promise<Prepared>}
 */
export async function prepare({ root, steps, withPython = true }) {
  requireSupportedSystem();
  const cacheDir = cacheDirOf(root);
  const waiting = (/** @type {import('./Steps.mjs').Step} */ step) => () =>
    step.detail('waiting for another start');

  const python =
    withPython &&
    (await steps.run('Python and git', async step => {
      const git = requireGit();
      const found = findPython();
      step.detail(`Python ${found.version}, git ${git}`);
      return found;
    }));
  const node = await steps.run('Node', async step => {
    step.detail('fetching Node 24');
    const runtime = await ensureNode({ cacheDir, onWait: waiting(step) });
    step.detail(runtime.version);
    return runtime;
  });

  const bin = path.join(root, 'node_modules', '.bin');
  const env = {
    ...process.env,
    PATH: [path.dirname(node.command), bin, process.env.PATH].join(
      path.delimiter,
    ),
    GREENROOM_CACHE_DIR: cacheDir,
  };
  const packages = steps.run('Packages', async step => {
    const changed = await ensureWorkspace({
      root,
      node: node.command,
      env,
      logsDir: path.join(cacheDir, 'logs'),
      onLine: line => step.detail(progressOfYarn(line)),
      onWait: waiting(step),
    });
    step.detail(changed ? 'installed' : 'up to date');
  });
  if (!python) {
    await packages;
    return { root, cacheDir, node: node.command, env };
  }
  const environment = steps.run('Python environment', async step => {
    const made = await ensurePythonEnvironment({
      name: 'mlflow',
      python,
      locksDir: locksDirOf(root),
      cacheDir,
      onLine: line => step.detail(line.trim()),
      onWait: waiting(step),
    });
    step.detail('MLflow, scikit-learn');
    return made;
  });
  const results = await bothOrNeither(packages, environment, steps);
  return { root, cacheDir, node: node.command, env, ...results };
}

/**
 * When one fails, the other is ended, so that nothing goes on after the message.
 *
 * @template T
 * @param {Promise<void>} packages
 * @param {Promise<T>} environment
 * @param {import('./Steps.mjs').Steps} steps
 * @returns {Promise<T>}
 */
async function bothOrNeither(packages, environment, steps) {
  try {
    const [, made] = await Promise.all([packages, environment]);
    return made;
  } catch (error) {
    steps.stop();
    killRunning();
    await Promise.allSettled([packages, environment]);
    throw error;
  }
}

/** `➤ YN0013: │ 211 packages were added …` as a person would say it. @param {string} line */
function progressOfYarn(line) {
  return line
    .replace(/^➤?\s*YN\d{4}:\s*/, '')
    .replace(/^[│┌└\s]+/, '')
    .replace(/^·\s*/, '');
}
