// SPDX-License-Identifier: Apache-2.0
import type { MappedAction } from '../../execution/stepTypes';
import { waitForRegistry } from '../../images/waitForRegistry';
import { installRegistryClient } from './registryClient';
import { withRegistry } from './withRegistry';

/** docker/setup-buildx-action: there is no engine; what buildx and skopeo do with a registry is there. */
export const setupBuildx: MappedAction = withRegistry(
  async ({ state, log, signal }, registry) => {
    if (!(await waitForRegistry(registry, log, signal))) {
      return { skipped: 'the local registry does not answer' };
    }
    await installRegistryClient(state, registry);
    log.write(
      'There is no Docker engine: docker/build-push-action packs what the Dockerfile copies, and of `docker` and `skopeo` there is what copies images to the local registry.',
    );
    return {
      outputs: { name: 'local', driver: 'local', platforms: hostPlatform() },
    };
  },
);

/** docker/setup-qemu-action: nothing is run for another processor. */
export const setupQemu: MappedAction = withRegistry(async ({ log }) => {
  log.write('Nothing is run while an image is packed, for any processor.');
  return { outputs: { platforms: hostPlatform() } };
});

/** The platform of Linux images that this machine would run. */
export function hostPlatform(): string {
  return `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
}
