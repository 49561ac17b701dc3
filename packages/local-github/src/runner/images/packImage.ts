// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as packTar, type Pack } from 'tar-stream';
import type { BuildStage, ImageEntry } from './BuildStage';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** What a manifest or index says of a blob (OCI image specification, *Content Descriptors*). */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { os: string; architecture: string; variant?: string };
}

/** An image, or an index of the images of several platforms, in an OCI layout on disk. */
export interface PackedImage {
  descriptor: Descriptor;
  /** Digest of the configuration; of an index, its own. */
  imageId: string;
  /** Size of the layer, compressed. */
  layerSize: number;
}

/** The same everywhere, so that the same files give the same digest. */
const EPOCH = '1970-01-01T00:00:00Z';

/**
 * Writes an OCI layout: one image for each platform, with what was copied as its one layer. The same files and
 * configuration give the same digest.
 *
 * @param folder - made anew; `oci-layout`, `index.json` and `blobs/` are put there
 */
export async function packImage(
  folder: string,
  images: { platform: string; stage: BuildStage }[],
): Promise<PackedImage> {
  const blobs = path.join(folder, 'blobs', 'sha256');
  await rm(folder, { recursive: true, force: true });
  await mkdir(blobs, { recursive: true });
  const packed: PackedImage[] = [];
  for (const { platform, stage } of images) {
    packed.push(await packOne(blobs, platform, stage));
  }
  const result =
    packed.length === 1
      ? packed[0]
      : await packIndex(
          blobs,
          packed.map(each => each.descriptor),
          packed[0].layerSize,
        );
  await writeFile(
    path.join(folder, 'oci-layout'),
    JSON.stringify({ imageLayoutVersion: '1.0.0' }),
  );
  await writeFile(
    path.join(folder, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [result.descriptor],
    }),
  );
  return result;
}

async function packIndex(
  blobs: string,
  manifests: Descriptor[],
  layerSize: number,
): Promise<PackedImage> {
  const descriptor = await writeBlob(blobs, INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests,
  });
  return { descriptor, imageId: descriptor.digest, layerSize };
}

async function packOne(
  blobs: string,
  platform: string,
  stage: BuildStage,
): Promise<PackedImage> {
  const [os, architecture, variant] = platform.split('/');
  const { layer, diffId } = await packLayer(blobs, stage.files);
  const config = await writeBlob(
    blobs,
    'application/vnd.oci.image.config.v1+json',
    {
      created: EPOCH,
      architecture,
      os,
      ...(variant && { variant }),
      config: stage.imageConfig(),
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [
        { created: EPOCH, created_by: 'COPY # greenroom, without a base' },
      ],
    },
  );
  const manifest = await writeBlob(blobs, MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: [layer],
  });
  return {
    descriptor: {
      ...manifest,
      platform: { architecture, os, ...(variant && { variant }) },
    },
    imageId: config.digest,
    layerSize: layer.size,
  };
}

async function packLayer(
  blobs: string,
  files: ReadonlyMap<string, ImageEntry>,
): Promise<{ layer: Descriptor; diffId: string }> {
  const pack = packTar();
  const plain = createHash('sha256');
  const compressed = createHash('sha256');
  const part = path.join(blobs, 'layer.part');
  const written = pipeline(
    pack,
    tee(plain),
    createGzip(),
    tee(compressed),
    createWriteStream(part),
  );
  const added = (async () => {
    for (const name of [...files.keys()].sort()) {
      await addEntry(pack, name, files.get(name)!);
    }
    pack.finalize();
  })().catch(error => pack.destroy(error));
  await Promise.all([written, added]);
  const digest = `sha256:${compressed.digest('hex')}`;
  await rename(part, path.join(blobs, digest.slice('sha256:'.length)));
  return {
    layer: {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size: statSync(path.join(blobs, digest.slice('sha256:'.length))).size,
    },
    diffId: `sha256:${plain.digest('hex')}`,
  };
}

/** Modes are git's, as a checkout's depend on the person's umask. */
async function addEntry(
  pack: Pack,
  name: string,
  entry: ImageEntry,
): Promise<void> {
  const common = { mtime: new Date(0), uid: entry.uid, gid: entry.gid };
  if (entry.kind === 'directory') {
    pack.entry({
      ...common,
      name: `${name}/`,
      type: 'directory',
      mode: entry.mode ?? 0o755,
    });
  } else if (entry.kind === 'link') {
    pack.entry({
      ...common,
      name,
      type: 'symlink',
      linkname: entry.target,
      mode: 0o777,
    });
  } else {
    const { handle, size } = entry.open();
    const sink = pack.entry({
      ...common,
      name,
      size,
      mode: entry.mode ?? (entry.executable ? 0o755 : 0o644),
    });
    const content = createReadStream('', {
      fd: handle,
      ...(size > 0 && { end: size - 1 }),
    });
    await pipeline(content, sink);
  }
}

async function writeBlob(
  blobs: string,
  mediaType: string,
  content: unknown,
): Promise<Descriptor> {
  const text = JSON.stringify(content);
  const hex = createHash('sha256').update(text).digest('hex');
  await writeFile(path.join(blobs, hex), text);
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
}

function tee(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}
