// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';

const ROOT = resolvePackagePath(
  '@greenroom/plugin-scaffolder-backend-module-ml',
  '../..',
);

/**
 * The whole backend as a process of its own, which can be killed, with the
 * shipped app-config.yaml and `config` over it.
 */
export async function startBackendProcess(options: {
  config: JsonObject;
  /** Holds the configuration and the log. */
  folder: string;
  baseUrl: string;
}) {
  const { config, folder, baseUrl } = options;
  const configFile = path.join(folder, 'app-config.test.yaml');
  fs.writeFileSync(configFile, JSON.stringify(config));
  const logFile = path.join(folder, 'backend.log');
  const log = fs.openSync(logFile, 'a');
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      'src/index.ts',
      ...['--config', path.join(ROOT, 'app-config.yaml')],
      ...['--config', configFile],
    ],
    {
      cwd: path.join(ROOT, 'packages', 'backend'),
      env: {
        ...process.env,
        NODE_ENV: 'development',
        NODE_OPTIONS: '',
        NO_COLOR: '1',
        ESBK_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.json'),
      },
      stdio: ['ignore', log, log],
    },
  );
  fs.closeSync(log);
  const exited = once(child, 'exit');

  let token: string | undefined;
  const call = async (route: string, request: { body?: unknown } = {}) => {
    const response = await fetch(`${baseUrl}/api/${route}`, {
      method: request.body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body:
        request.body === undefined ? undefined : JSON.stringify(request.body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: /^[[{]/.test(text) ? JSON.parse(text) : text,
    };
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const until = async <T>(
    what: string,
    fn: () => Promise<T | undefined>,
  ): Promise<T> => {
    for (let attempt = 0; attempt < 900; attempt++) {
      if (child.exitCode !== null) {
        break;
      }
      const result = await fn().catch(() => undefined);
      if (result !== undefined) {
        return result;
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    throw new Error(
      `Waited in vain for ${what}:\n${fs
        .readFileSync(logFile, 'utf8')
        .slice(-1000)}`,
    );
  };

  try {
    await until('the backend', async () => {
      const { status, body } = await call('auth/guest/refresh', { body: {} });
      token = body.backstageIdentity?.token;
      return status === 200 && token ? true : undefined;
    });
  } catch (error) {
    await kill();
    throw error;
  }
  return { call, until, kill };
}
