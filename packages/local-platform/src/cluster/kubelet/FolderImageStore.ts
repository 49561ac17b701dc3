// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ImagePullError, ImageStore, PulledImage } from '../images/ImageStore';

const FILE = 'image.json';

const imageSchema = z.object({
  env: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  workingDir: z.string().default(''),
  exposedPorts: z.array(z.number()).default([]),
});

/** Images that are folders: `<folder>/<reference, percent-encoded>/image.json`, the image's files beside it. */
export class FolderImageStore implements ImageStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async find(image: string): Promise<PulledImage | undefined> {
    const root = path.join(this.#folder, encodeURIComponent(image));
    const file = path.join(root, FILE);
    if (!fs.existsSync(file)) {
      return undefined;
    }
    const text = fs.readFileSync(file, 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    return {
      ...imageSchema.parse(JSON.parse(text)),
      digest: `sha256:${digest}`,
      root,
    };
  }

  async resolve(image: string): Promise<PulledImage> {
    const found = await this.find(image);
    if (!found) {
      throw new ImagePullError(
        `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
      );
    }
    return found;
  }
}
