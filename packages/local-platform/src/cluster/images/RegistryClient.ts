// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { RegistryCredentials } from './ImageStore';
import { ImageReference, formatReference } from './parseReference';

const descriptorSchema = z.object({
  mediaType: z.string().default(''),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().min(0),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
});

const imageSchema = z.object({
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(500),
});

const indexSchema = z.object({ manifests: z.array(descriptorSchema).max(500) });

/** What a manifest says of a blob. */
export type Descriptor = z.infer<typeof descriptorSchema>;

/** The manifest of one image, and the digest of what its name stands for: its own, or that of an index around it. */
export interface ResolvedImage {
  digest: string;
  config: Descriptor;
  layers: Descriptor[];
}

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const BLOB_TIMEOUT_MS = 30 * 60_000;

/** Pulls from the registry of this machine, with the words of containerd where that fails. */
export class RegistryClient {
  readonly #url: string;
  readonly #pullToken: string;

  constructor(options: {
    /** For example `http://127.0.0.1:5000`. */
    url: string;
    pullToken: string;
  }) {
    this.#url = options.url;
    this.#pullToken = options.pullToken;
  }

  /** Reads what a name stands for; of an index, the image for this machine. @throws with containerd's words */
  async resolve(
    reference: ImageReference,
    secrets: RegistryCredentials[],
  ): Promise<ResolvedImage> {
    const name = formatReference(reference);
    const target = reference.digest ?? reference.tag ?? 'latest';
    const first = await this.#manifest(reference, target, secrets, name);
    const index = indexSchema.safeParse(first.content);
    if (!index.success) {
      return { digest: first.digest, ...readImage(first) };
    }
    const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
    const child = index.data.manifests.find(
      ({ platform }) =>
        platform?.os === 'linux' && platform.architecture === architecture,
    );
    if (!child) {
      throw new Error(
        `no match for platform in manifest ${first.digest}: not found`,
      );
    }
    const image = await this.#manifest(reference, child.digest, secrets, name);
    return { digest: first.digest, ...readImage(image) };
  }

  /** Writes a blob to a file, and holds it against its digest and size. */
  async download(
    reference: ImageReference,
    blob: Descriptor,
    file: string,
    secrets: RegistryCredentials[],
  ): Promise<void> {
    const path = `/v2/${reference.repository}/blobs/${blob.digest}`;
    const response = await this.#request(
      reference,
      path,
      secrets,
      BLOB_TIMEOUT_MS,
    );
    if (!response.ok || !response.body) {
      throw new Error(
        `failed to copy: httpReadSeeker: failed open: unexpected status code ${this.#url}${path}: ${response.status}`,
      );
    }
    const { body } = response;
    const hash = createHash('sha256');
    let size = 0;
    const verified = async function* verify() {
      for await (const chunk of body) {
        size += chunk.length;
        if (size > blob.size) {
          throw new Error(
            `failed size validation: more than ${blob.size}: failed precondition`,
          );
        }
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(verified, createWriteStream(file, { mode: 0o600 }));
    const digest = `sha256:${hash.digest('hex')}`;
    if (digest !== blob.digest) {
      throw new Error(
        `unexpected commit digest ${digest}, expected ${blob.digest}: failed precondition`,
      );
    }
  }

  async #manifest(
    reference: ImageReference,
    target: string,
    secrets: RegistryCredentials[],
    name: string,
  ) {
    const unresolved = `failed to resolve reference "${name}"`;
    let response: Response;
    try {
      response = await this.#request(
        reference,
        `/v2/${reference.repository}/manifests/${target}`,
        secrets,
        TIMEOUT_MS,
      );
    } catch (error) {
      throw new Error(`${unresolved}: ${describe(error)}`, { cause: error });
    }
    if (response.status === 404) {
      throw new Error(`${unresolved}: ${name}: not found`);
    }
    if (response.status === 401 || response.status === 403) {
      throw new Error(
        `${unresolved}: pull access denied, repository does not exist or may require authorization: authorization failed: unexpected status: ${response.status} ${response.statusText}`,
      );
    }
    if (!response.ok) {
      throw new Error(
        `${unresolved}: unexpected status from HEAD request to ${response.url}: ${response.status} ${response.statusText}`,
      );
    }
    const body = await readLimited(response);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    if (target.startsWith('sha256:') && digest !== target) {
      throw new Error(
        `unexpected commit digest ${digest}, expected ${target}: failed precondition`,
      );
    }
    const content: unknown = JSON.parse(body.toString('utf8'));
    return { digest, content };
  }

  async #request(
    reference: ImageReference,
    path: string,
    secrets: RegistryCredentials[],
    timeoutMs: number,
  ): Promise<Response> {
    const own = secrets.find(({ registry }) => registry === reference.registry);
    const authorization = own
      ? `Basic ${Buffer.from(`${own.username}:${own.password}`).toString('base64')}`
      : `Bearer ${this.#pullToken}`;
    return fetch(`${this.#url}${path}`, {
      headers: { authorization, accept: ACCEPT },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  }
}

function readImage({ digest, content }: { digest: string; content: unknown }) {
  const image = imageSchema.safeParse(content);
  if (!image.success) {
    throw new Error(`${digest} is not the manifest of an image`);
  }
  return image.data;
}

async function readLimited(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_MANIFEST_BYTES) {
      throw new Error('failed size validation: the manifest is too large');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Node says of a connection only that the fetch failed; why is in its cause. */
function describe(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return `failed to do request: ${cause instanceof Error ? cause.message : String(cause)}`;
}
