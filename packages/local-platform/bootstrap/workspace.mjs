// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { hashPaths, readJsonIfValid, writeAtomically } from './files.mjs';
import { withLock } from './lock.mjs';
import { run } from './processes.mjs';

const NETWORK =
  /RequestError|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|socket hang up|Response Code: (4|5)\d\d|YN0035|certificate/i;

/** @param {string} root */
function manifests(root) {
  const folders = ['packages', 'plugins'].flatMap(group => {
    const folder = path.join(root, group);
    return fs.existsSync(folder)
      ? fs.readdirSync(folder).map(name => path.join(folder, name))
      : [];
  });
  return ['package.json', 'yarn.lock', '.yarnrc.yml']
    .map(name => path.join(root, name))
    .concat(
      folders
        .map(folder => path.join(folder, 'package.json'))
        .filter(file => fs.existsSync(file)),
    );
}

/** @param {string} root */
function findYarn(root) {
  const releases = path.join(root, '.yarn', 'releases');
  const name = fs.existsSync(releases)
    ? fs.readdirSync(releases).find(file => /^yarn-.*\.cjs$/.test(file))
    : undefined;
  if (!name) {
    throw new Problem(
      'The committed Yarn release (.yarn/releases) is missing.',
      'Restore it: git checkout -- .yarn',
    );
  }
  return path.join(releases, name);
}

/**
 * Installs what the lock file says, when anything that decides about it has changed since the last
 * install that went well. The stamp lies in node_modules, so that it goes with it.
 *
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv, logsDir: string,
 *   onLine?: (line: string) => void, onWait?: () => void }} options
 * @returns {Promise<boolean>} Whether anything had to be done.
 */
export async function ensureWorkspace({
  root,
  node,
  env,
  logsDir,
  onLine,
  onWait,
}) {
  const yarn = findYarn(root);
  const stampFile = path.join(root, 'node_modules', '.greenroom.json');
  const isDone = () =>
    fs.existsSync(path.join(root, 'node_modules', '.yarn-state.yml')) &&
    readJsonIfValid(stampFile)?.hash === hashPaths(manifests(root));
  if (isDone()) {
    return false;
  }
  const log = path.join(logsDir, 'yarn-install.log');
  return withLock(
    path.join(root, '.greenroom', 'install.lock'),
    async () => {
      if (isDone()) {
        return false;
      }
      fs.rmSync(stampFile, { force: true });
      const install = () =>
        run(node, [yarn, 'install', '--immutable'], {
          cwd: root,
          env: {
            ...env,
            ...registrySettings(env),
            YARN_ENABLE_TELEMETRY: '0',
            FORCE_COLOR: '0',
          },
          log,
          onLine,
        });
      let result = await install();
      if (
        result.code !== 0 &&
        dropBrokenArchives(result.lines, node, yarn, root, env)
      ) {
        result = await install();
      }
      if (result.code !== 0) {
        throw installProblem(result, log);
      }
      writeAtomically(
        stampFile,
        JSON.stringify({ hash: hashPaths(manifests(root)) }),
      );
      return true;
    },
    onWait,
  );
}

/**
 * npm's registry, told to Yarn, which does not read npm's settings.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function registrySettings(env) {
  if (env.YARN_NPM_REGISTRY_SERVER) {
    return {};
  }
  const result = spawnSync('npm', ['config', 'get', 'registry'], {
    env,
    cwd: os.homedir(),
    encoding: 'utf8',
    timeout: 30_000,
  });
  const registry = /^https?:\/\/\S+$/m
    .exec(result.stdout ?? '')?.[0]
    .replace(/\/$/, '');
  if (!registry || new URL(registry).hostname.endsWith('.npmjs.org')) {
    return {};
  }
  return {
    YARN_NPM_REGISTRY_SERVER: registry,
    ...(registry.startsWith('http:')
      ? { YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname }
      : {}),
  };
}

/**
 * Removes archives whose checksum is not the locked one from Yarn's cache: a download that broke
 * would otherwise fail every install from now on.
 *
 * @param {string[]} lines
 * @param {string} node
 * @param {string} yarn
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} Whether there was one.
 */
function dropBrokenArchives(lines, node, yarn, root, env) {
  const broken = lines.flatMap(
    line =>
      /(?:^|[\s│])((?:@[^/@\s│]+\/)?[^/@\s│]+)@npm:([^:\s]+)/
        .exec(line.split('YN0018:')[1] ?? '')
        ?.slice(1, 3)
        .join('@') ?? [],
  );
  if (broken.length === 0) {
    return false;
  }
  const asked = spawnSync(node, [yarn, 'config', 'get', 'globalFolder'], {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  const cache = path.join(asked.stdout?.trim() ?? '', 'cache');
  const slugs = broken.map(spec => {
    const at = spec.lastIndexOf('@');
    return `${spec.slice(0, at).replace('/', '-')}-npm-${spec.slice(at + 1)}-`;
  });
  let dropped = false;
  for (const file of fs.existsSync(cache) ? fs.readdirSync(cache) : []) {
    if (slugs.some(slug => file.startsWith(slug))) {
      fs.rmSync(path.join(cache, file), { force: true });
      dropped = true;
    }
  }
  return dropped;
}

/**
 * @param {{ lines: string[], error?: Error }} result
 * @param {string} log
 */
function installProblem(result, log) {
  const all = result.lines.join('\n');
  const detail = result.lines
    .filter(line => /YN00(01|18|28|35|66)|Error|ENOSPC|EACCES/.test(line))
    .map(line => line.replace(/^➤\s*/, ''))
    .slice(0, 4);
  if (/YN0028/.test(all)) {
    return new Problem(
      'yarn.lock does not fit the package.json files.',
      'If you changed one of them, run `yarn install` and commit yarn.lock; else restore them: git checkout -- yarn.lock',
      { detail, log },
    );
  }
  if (/ENOSPC/.test(all)) {
    return new Problem(
      'The disk is full: the packages need about 2 GB.',
      'Free some space, then run `npm start` again.',
      { log },
    );
  }
  const remedy = NETWORK.test(all)
    ? [
        'Check the connection to the npm registry (proxy: HTTPS_PROXY, mirror: npm config set registry …),',
        'then run `npm start` again: it goes on where it stopped.',
      ]
    : 'Run `npm start` again; if it happens twice, the log says why.';
  return new Problem(
    'The packages could not be installed (yarn install).',
    remedy,
    { detail, log },
  );
}
