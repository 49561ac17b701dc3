// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { loopbackHosts } from '@greenroom/http-security';
import { PACKAGE_DIR } from '../paths';
import { ProcessSpec } from '../supervisor/ManagedProcess';

/** Where one MLflow server keeps its data and listens. */
export interface MlflowOptions {
  /** Interpreter of the environment of `python/mlflow.lock`. */
  python: string;
  /** Holds `mlflow.db` and `artifacts/`. */
  dataDir: string;
  port: number;
  logFile: string;
}

const LAUNCHER = path.join(PACKAGE_DIR, 'python', 'with_lifeline.py');

const MLFLOW_ENV = {
  // Where `--app-name` finds its entry point.
  PYTHONPATH: path.join(PACKAGE_DIR, 'python', 'mlflow_app'),
  DO_NOT_TRACK: '1',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  // Otherwise the server starts some fifteen processes for scheduled jobs that nobody here uses.
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
};

/** The real MLflow tracking server, sized for one laptop: one worker, no job processes, artifacts through the server. */
export function mlflowProcess(options: MlflowOptions): ProcessSpec {
  const { python, dataDir, port, logFile } = options;
  const hosts = loopbackHosts(port);
  fs.mkdirSync(dataDir, { recursive: true });
  return {
    name: 'MLflow',
    command: python,
    args: [
      LAUNCHER,
      'mlflow',
      'server',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--backend-store-uri',
      `sqlite:///${path.join(dataDir, 'mlflow.db')}`,
      '--artifacts-destination',
      path.join(dataDir, 'artifacts'),
      '--workers',
      '1',
      // Its own checks are more lenient than those of the other servers.
      '--app-name',
      'greenroom',
      '--allowed-hosts',
      hosts.join(','),
      '--cors-allowed-origins',
      hosts.map(host => `http://${host}`).join(','),
    ],
    cwd: dataDir,
    env: { ...inheritedEnv(), ...MLFLOW_ENV },
    logFile,
  };
}

/**
 * The user's environment without what would point this server, or its Python, elsewhere, or let Python compile all
 * of MLflow anew at each start.
 */
function inheritedEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(MLFLOW_|_MLFLOW_|PYTHONPATH$|PYTHONHOME$|PYTHONDONTWRITEBYTECODE$|VIRTUAL_ENV$)/.test(
          name,
        ),
    ),
  );
}

/** True once the server reads its database for a caller, not merely listens. */
export async function mlflowAnswers(
  port: number,
  signal: AbortSignal,
): Promise<boolean> {
  const url = `http://127.0.0.1:${port}`;
  const health = await fetch(`${url}/health`, { signal });
  if (!health.ok) {
    return false;
  }
  const search = await fetch(`${url}/api/2.0/mlflow/experiments/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ max_results: 1 }),
    signal,
  });
  return search.ok;
}
