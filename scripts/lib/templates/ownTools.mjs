// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheDirOf } from '../../../packages/local-platform/bootstrap/prepare.mjs';
import { withLock } from '../../../packages/local-platform/bootstrap/lock.mjs';
import {
  findPython,
  uvSettings,
} from '../../../packages/local-platform/bootstrap/python.mjs';
import { root, run } from '../run.mjs';
import { getTool, toolCacheDir } from '../tools.mjs';
import { writeFiles } from './render.mjs';

const TOOLS = [
  'actionlint',
  'amtool',
  'kube-score',
  'kubeconform',
  'kustomize',
  'kyverno',
  'promtool',
];

/**
 * `make install check` of a repository of infra-manifests, in a copy, with the tools of the cache.
 *
 * @param {import('./repository.mjs').Repository} repository
 * @returns {Promise<{ findings: string[], skipped?: string }>}
 */
export async function checkOwnTools({ files }) {
  for (const name of TOOLS) {
    const tool = await getTool(name);
    if (!tool.path) {
      return { findings: [], skipped: `${name}: ${tool.reason}` };
    }
  }
  const python = findPython();
  const lock = files.get('tools/requirements.lock')?.content ?? Buffer.alloc(0);
  const key = createHash('sha256')
    .update(lock)
    .update(python.version)
    .digest('hex');
  const venv = path.join(
    cacheDirOf(root),
    'envs',
    `manifests-${key.slice(0, 16)}`,
  );
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-manifests-'));
  try {
    writeFiles(files, folder);
    // actionlint looks for the root of a repository.
    fs.mkdirSync(path.join(folder, '.git'), { recursive: true });
    const uv = process.env.GREENROOM_UV;
    /** @param {string[]} targets */
    const make = targets =>
      run('make', [...targets, `VENV=${venv}`, `TOOLS=${toolCacheDir()}`], {
        cwd: folder,
        quiet: true,
        env: {
          ...uvSettings(python),
          UV_CACHE_DIR: path.join(cacheDirOf(root), 'uv-cache'),
          UV_PYTHON: python.command,
          ...(uv && {
            PATH: [path.dirname(uv), process.env.PATH].join(path.delimiter),
          }),
        },
      });
    const installed = await withLock(`${venv}.lock`, () => make(['install']));
    if (installed.code !== 0) {
      return {
        findings: [],
        skipped: `make install failed: ${lastSaid(installed.output)}`,
      };
    }
    const { code, output } = await make(['check']);
    return { findings: code === 0 ? [] : [output.trim()] };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Of what make printed, the last line that is not make's own. @param {string} output */
function lastSaid(output) {
  return output
    .trim()
    .split('\n')
    .findLast(line => !/^make(\[\d+\])?: /.test(line));
}
