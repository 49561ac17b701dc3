// SPDX-License-Identifier: Apache-2.0
import { ImageStore } from '../images/ImageStore';
import { FolderImageStore } from './FolderImageStore';
import { KubeletOptions } from './kubeletOptions';

/** Where this kubelet gets its images from. */
export function createImageStore(
  options: KubeletOptions['images'],
): ImageStore {
  return new FolderImageStore(options.folder);
}
