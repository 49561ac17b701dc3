// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { ProcessSpec } from '../../supervisor/ManagedProcess';
import { ImageSettings } from './ImageSettings';

/** Where one registry keeps its data and listens. */
export interface RegistryOptions {
  /** The binary of `go/registry`. */
  command: string;
  settings: Pick<ImageSettings, 'port' | 'pullToken' | 'signingKey'>;
  /** Holds `blobs/` and `manifests/`. */
  dataDir: string;
  logFile: string;
}

/** The registry of images: loopback only, behind tokens. */
export function registryProcess(options: RegistryOptions): ProcessSpec {
  const { command, settings, dataDir, logFile } = options;
  const { port, pullToken, signingKey } = settings;
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    name: 'registry',
    command,
    args: [],
    input: `${JSON.stringify({ port, dataDir, pullToken, signingKey })}\n`,
    cwd: dataDir,
    env: { PATH: process.env.PATH },
    logFile,
  };
}

/** True once the registry answers the kubelet's token. */
export async function registryAnswers(
  settings: Pick<ImageSettings, 'port' | 'pullToken'>,
  signal: AbortSignal,
): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${settings.port}/v2/`, {
    headers: { authorization: `Bearer ${settings.pullToken}` },
    signal,
  });
  return response.ok;
}
