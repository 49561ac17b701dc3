// SPDX-License-Identifier: Apache-2.0
import { ImageStore } from '../images/ImageStore';
import { LocalImageStore } from '../images/LocalImageStore';
import { PythonEnvironments } from '../images/PythonEnvironments';
import { FolderImageStore } from './FolderImageStore';
import { ImageSource } from './kubeletOptions';

/** Where a kubelet gets its images from. */
export function createImageStore(source: ImageSource): ImageStore {
  return 'folder' in source
    ? new FolderImageStore(source.folder)
    : new LocalImageStore({
        dir: source.dir,
        registry: source.registry,
        environments: new PythonEnvironments(source),
      });
}
