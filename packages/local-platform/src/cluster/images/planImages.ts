// SPDX-License-Identifier: Apache-2.0
import { clusterDir, isBuilt } from '../build/buildCluster';
import { BUILD_SPACE, RUN_SPACE, requireRoom } from '../build/requireRoom';
import { ImageSettings, openImageSettings } from './ImageSettings';

/** The settings of images, unless this machine has no room for the cluster that would run them: nothing is then made for it. */
export async function planImages(
  stateDir: string,
  cacheDir: string,
): Promise<ImageSettings | undefined> {
  try {
    requireRoom(stateDir, RUN_SPACE);
    if (!isBuilt(clusterDir(cacheDir))) {
      requireRoom(cacheDir, BUILD_SPACE);
    }
  } catch {
    // The cluster itself says what is missing.
    return undefined;
  }
  return openImageSettings(stateDir);
}
