// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ImageSettings,
  openImageSettings,
} from '../cluster/images/ImageSettings';
import {
  registryAnswers,
  registryProcess,
} from '../cluster/images/registryProcess';
import { ManagedProcess } from '../supervisor/ManagedProcess';
import { waitUntilReady } from '../supervisor/waitUntilReady';
import { getRegistryBinary } from './startCluster';

/** A running registry of images. */
export interface TestRegistry {
  url: string;
  settings: ImageSettings;
  /** Holds its data; goes with `stop()`. */
  dataDir: string;
  stop(): Promise<void>;
  /** Ends it without asking; its data stay. */
  kill(): Promise<void>;
  /** Ends it without asking if it runs, and starts it again on the same port with the same data. */
  restart(): Promise<void>;
}

/** Starts the registry on a free loopback port; the first caller of a machine builds it. */
export async function startRegistry(): Promise<TestRegistry> {
  const command = await getRegistryBinary();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-registry-'));
  const settings = await openImageSettings(dataDir);
  const start = async () => {
    const started = ManagedProcess.start(
      registryProcess({
        command,
        settings,
        dataDir: path.join(dataDir, 'registry'),
        logFile: path.join(dataDir, 'registry.log'),
      }),
    );
    await waitUntilReady({
      process: started,
      check: signal => registryAnswers(settings, signal),
      timeoutMs: 30_000,
    });
    return started;
  };
  let server = await start();
  return {
    url: `http://127.0.0.1:${settings.port}`,
    settings,
    dataDir,
    stop: async () => {
      await server.stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
    kill: () => server.stop(0),
    restart: async () => {
      await server.stop(0);
      server = await start();
    },
  };
}
