// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mlflowAnswers, mlflowProcess } from '../mlflow/mlflowProcess';
import { ManagedProcess } from '../supervisor/ManagedProcess';
import { findFreePort } from '../../bootstrap/ports.mjs';
import { waitUntilReady } from '../supervisor/waitUntilReady';
import { getPythonEnvironment } from './getPythonEnvironment';

/** Where the server keeps its data and listens; both are found when not given. */
export interface StartMlflowOptions {
  /** A folder that outlives the server; without it a temporary one goes with `stop()`. */
  dataDir?: string;
  port?: number;
}

/** A real MLflow server. */
export interface TestMlflow {
  /** For example `http://localhost:5000`. */
  url: string;
  port: number;
  dataDir: string;
  stop(): Promise<void>;
  /** Stops it if it runs, and starts it again on the same port with the same data. */
  restart(): Promise<void>;
}

/** Starts a real MLflow server and waits until it answers; takes 10 to 20 s, so give the hook time. */
export async function startMlflow(
  options: StartMlflowOptions = {},
): Promise<TestMlflow> {
  const python = await getPythonEnvironment();
  const dataDir =
    options.dataDir ??
    fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-mlflow-'));
  fs.mkdirSync(dataDir, { recursive: true });
  const port = options.port ?? (await findFreePort());
  let server: ManagedProcess | undefined;

  const start = async () => {
    server = ManagedProcess.start(
      mlflowProcess({
        python,
        dataDir,
        port,
        logFile: path.join(dataDir, 'server.log'),
      }),
    );
    try {
      await waitUntilReady({
        process: server,
        check: signal => mlflowAnswers(port, signal),
        timeoutMs: 120_000,
      });
    } catch (error) {
      await server.stop();
      throw error;
    }
  };

  await start();
  return {
    url: `http://localhost:${port}`,
    port,
    dataDir,
    stop: async () => {
      const isKept = options.dataDir !== undefined;
      // What is thrown away need not be put in order first, which takes seconds.
      await server?.stop(isKept ? undefined : 0);
      if (!isKept) {
        fs.rmSync(dataDir, { recursive: true, force: true });
      }
    },
    restart: async () => {
      await server?.stop();
      await start();
    },
  };
}
