// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { PartDescription } from '../../supervisor/platformParts';
import { PlatformState } from '../../supervisor/PlatformState';
import { ImageSettings } from './ImageSettings';
import { registryAnswers, registryProcess } from './registryProcess';

/** The registry of images: ready when it answers the kubelet's token. */
export function registryPart(
  state: PlatformState,
  settings: ImageSettings,
  binDir: string,
): PartDescription {
  return {
    id: 'registry',
    spec: () =>
      registryProcess({
        command: path.join(binDir, 'registry'),
        settings,
        dataDir: state.path('cluster', 'registry'),
        logFile: state.path('logs', 'registry.log'),
      }),
    check: signal => registryAnswers(settings, signal),
    timeoutMs: 60_000,
  };
}
