// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_DIR } from '../paths';

/** The command that prepares and starts everything. */
const GREENROOM_SCRIPT = path.resolve(
  PACKAGE_DIR,
  '../../scripts/greenroom.mjs',
);

/** The Python side of the toolchain; all paths are absolute. */
export interface PythonEnvironment {
  /** uv's executable. */
  uv: string;
  /** Interpreter of the environment of `python/mlflow.lock`. */
  python: string;
  /** Shared by all states: toolchain, uv's cache, environments. */
  cacheDir: string;
}

/** The MLflow environment, made on first use; a process of its own because it must also run without node_modules. */
export async function ensurePythonEnvironment(): Promise<PythonEnvironment> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [GREENROOM_SCRIPT, 'environment'],
    { timeout: 600_000 },
  );
  return JSON.parse(stdout);
}
