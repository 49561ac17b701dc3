// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { findPython } from '../../../bootstrap/python.mjs';
import { ImageStore } from '../images/ImageStore';
import { LocalImageStore } from '../images/LocalImageStore';
import { PythonEnvironments } from '../images/PythonEnvironments';
import { FolderImageStore } from './FolderImageStore';
import { KubeletOptions } from './kubeletOptions';

/** Where this kubelet gets its images from: those of the folder come before those of the registry. */
export function createImageStore({
  folder,
  registry,
}: KubeletOptions['images']): ImageStore {
  const own = new FolderImageStore(folder);
  if (!registry) {
    return own;
  }
  const { uv, cacheDir } = registry;
  const pulled = new LocalImageStore({
    dir: path.join(path.dirname(folder), 'pulled'),
    registry,
    environments: new PythonEnvironments({
      uv,
      cacheDir,
      python: findPython(),
    }),
  });
  return {
    find: async image => (await own.find(image)) ?? pulled.find(image),
    resolve: async (image, options) =>
      (await own.find(image)) ?? pulled.resolve(image, options),
    removeUnused: inUse => pulled.removeUnused(inUse),
  };
}
