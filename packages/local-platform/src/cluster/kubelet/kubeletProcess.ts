// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { PACKAGE_DIR } from '../../paths';
import { ProcessSpec } from '../../supervisor/ManagedProcess';
import { KubeletOptions } from './kubeletOptions';

const MAIN = path.join(PACKAGE_DIR, 'src', 'cluster', 'kubelet', 'main.ts');

/** How the kubelet is started as a process of its own. Its options go to its standard input, since they hold a password. */
export function kubeletProcess(
  options: KubeletOptions,
  logFile: string,
): ProcessSpec {
  fs.mkdirSync(options.rootDir, { recursive: true, mode: 0o700 });
  return {
    name: 'The kubelet',
    command: process.execPath,
    args: [
      '--max-old-space-size=256',
      '--import',
      require.resolve('tsx'),
      MAIN,
    ],
    input: `${JSON.stringify(options)}\n`,
    cwd: PACKAGE_DIR,
    env: { ...process.env, NODE_OPTIONS: '' },
    logFile,
  };
}

/** The API server's client certificate and key, PEM: what the kubelet asks of its callers. */
export interface KubeletClient {
  cert: string;
  key: string;
  ca: string;
}

/** True once the kubelet has registered its node and knows its pods. */
export function kubeletAnswers(
  port: number,
  client: KubeletClient,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    https
      .get(
        {
          ...client,
          host: '127.0.0.1',
          port,
          path: '/healthz',
          agent: false,
          signal,
        },
        response => {
          response.resume();
          resolve(response.statusCode === 200);
        },
      )
      .on('error', reject);
  });
}
