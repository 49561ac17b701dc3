// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJsonIfValid, writeAtomically } from '../../../bootstrap/files.mjs';
import {
  ImagePullError,
  ImageStore,
  PulledImage,
  PullPolicy,
  RegistryCredentials,
} from './ImageStore';
import {
  ImageReference,
  formatReference,
  parseReference,
} from './parseReference';
import { PythonEnvironments } from './PythonEnvironments';
import { RegistryClient } from './RegistryClient';
import { UnpackLimits, unpackLayer } from './unpackLayer';

/** Where images are kept and come from. */
export interface LocalImageStoreOptions {
  /** Holds the unpacked images. */
  dir: string;
  /** The registry of this machine, and the names that it answers to, as a mirror does. */
  registry: { url: string; pullToken: string; standsInFor: string[] };
  environments: PythonEnvironments;
  /** What one image may take; 16 GiB and 200,000 files unless told. */
  limits?: UnpackLimits;
}

const configSchema = z.object({
  config: z
    .object({
      Env: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
      User: z.string().nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
});

const storedSchema = z.object({
  config: configSchema,
  size: z.number(),
  usedAt: z.number(),
});

const LIMITS: UnpackLimits = { bytes: 16 * 1024 ** 3, entries: 200_000 };
/** What nobody uses stays this often, for a return to the version before. */
const KEPT_UNUSED = 3;

/** Images of the local registry, unpacked on this machine, each with the Python environment that its lock file names. */
export class LocalImageStore implements ImageStore {
  readonly #options: LocalImageStoreOptions;
  readonly #client: RegistryClient;
  /** Pulls that go on, so that two pods do not pull one image twice. */
  readonly #pulls = new Map<string, Promise<PulledImage>>();

  constructor(options: LocalImageStoreOptions) {
    this.#options = options;
    this.#client = new RegistryClient(options.registry);
    fs.mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    // What a pull that was cut off has left.
    for (const name of fs.readdirSync(options.dir)) {
      if (name.startsWith('pull-')) {
        fs.rmSync(path.join(options.dir, name), { recursive: true });
      }
    }
  }

  async find(image: string): Promise<PulledImage | undefined> {
    const reference = parseReference(image);
    const digest = reference && this.#digestOf(reference);
    return digest ? this.#read(digest) : undefined;
  }

  async resolve(
    image: string,
    options: { pullPolicy: PullPolicy; secrets: RegistryCredentials[] },
  ): Promise<PulledImage> {
    const reference = parseReference(image);
    if (!reference) {
      throw new ImagePullError(
        `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
        'InvalidImageName',
      );
    }
    const found =
      options.pullPolicy === 'Always' ? undefined : await this.find(image);
    if (found) {
      return found;
    }
    if (options.pullPolicy === 'Never') {
      throw new ImagePullError(
        `Container image "${image}" is not present with pull policy of Never`,
        'ErrImageNeverPull',
      );
    }
    const name = formatReference(reference);
    const running =
      this.#pulls.get(name) ??
      this.#pull(reference, options.secrets).finally(() =>
        this.#pulls.delete(name),
      );
    this.#pulls.set(name, running);
    try {
      return await running;
    } catch (error) {
      throw new ImagePullError(
        `failed to pull and unpack image "${name}": ${explain(error)}`,
        'ErrImagePull',
        { cause: error },
      );
    }
  }

  /**
   * Removes the images that nobody uses, but for the three that were pulled last, and Python environments that belong to no image.
   *
   * @param inUse - digests of the images of all containers
   */
  async removeUnused(inUse: ReadonlySet<string>): Promise<void> {
    const stored = this.#stored();
    const unused = stored
      .filter(({ digest }) => !inUse.has(digest))
      .sort((one, other) => other.usedAt - one.usedAt);
    const gone = new Set(unused.slice(KEPT_UNUSED).map(each => each.digest));
    for (const digest of gone) {
      fs.rmSync(this.#folder(digest), { recursive: true, force: true });
    }
    const kept = stored.filter(({ digest }) => !gone.has(digest));
    this.#options.environments.removeUnused(
      kept.map(({ digest, labels }) => ({ root: this.#root(digest), labels })),
    );
  }

  async #pull(
    reference: ImageReference,
    secrets: RegistryCredentials[],
  ): Promise<PulledImage> {
    const { registry, dir } = this.#options;
    if (!registry.standsInFor.includes(reference.registry)) {
      throw new Error(
        `failed to resolve reference "${formatReference(reference)}": the local cluster pulls from its own registry only, which stands in for ${registry.standsInFor.join(', ')}: not found`,
      );
    }
    const resolved = await this.#client.resolve(reference, secrets);
    const { digest, config, layers } = resolved;
    if (!this.#read(digest)) {
      const temporary = path.join(dir, `pull-${randomUUID()}`);
      const root = path.join(temporary, 'root');
      fs.mkdirSync(root, { recursive: true, mode: 0o700 });
      try {
        const fetched = path.join(temporary, 'blob');
        await this.#client.download(reference, config, fetched, secrets);
        const settings = configSchema.parse(
          JSON.parse(fs.readFileSync(fetched, 'utf8')),
        );
        const budget = { ...(this.#options.limits ?? LIMITS) };
        for (const layer of layers) {
          await this.#client.download(reference, layer, fetched, secrets);
          await unpackLayer(fetched, layer.mediaType, root, budget).catch(
            error => {
              throw new Error(
                `failed to extract layer ${layer.digest}: ${explain(error)}`,
                { cause: error },
              );
            },
          );
        }
        fs.rmSync(fetched, { force: true });
        await this.#options.environments.provide(
          root,
          settings.config?.Labels ?? {},
        );
        const size = layers.reduce((sum, each) => sum + each.size, config.size);
        writeAtomically(
          path.join(temporary, 'image.json'),
          JSON.stringify({ config: settings, size, usedAt: Date.now() }),
        );
        fs.renameSync(temporary, this.#folder(digest));
      } finally {
        fs.rmSync(temporary, { recursive: true, force: true });
      }
    }
    if (reference.tag) {
      this.#nameTag(reference, digest);
    }
    const image = this.#read(digest);
    if (!image) {
      throw new Error(`${digest} could not be read`);
    }
    return image;
  }

  #read(digest: string): PulledImage | undefined {
    const file = path.join(this.#folder(digest), 'image.json');
    const stored = storedSchema.safeParse(readJsonIfValid(file)).data;
    const root = this.#root(digest);
    const config = stored?.config.config ?? {};
    const labels = config.Labels ?? {};
    // An environment can have been removed from the cache by hand.
    if (!stored || !this.#options.environments.isProvided(root, labels)) {
      fs.rmSync(this.#folder(digest), { recursive: true, force: true });
      return undefined;
    }
    const place = this.#options.environments.placeIn(labels);
    const adapt = (command: string[]) =>
      place ? this.#options.environments.adapt(command, root, place) : command;
    return {
      digest,
      root,
      env: place
        ? withPath(config.Env ?? [], `${place}/bin`)
        : (config.Env ?? []),
      entrypoint: adapt(config.Entrypoint ?? []),
      command: config.Entrypoint?.length
        ? (config.Cmd ?? [])
        : adapt(config.Cmd ?? []),
      workingDir: config.WorkingDir ?? '',
      ...(config.User && { user: config.User }),
      exposedPorts: Object.keys(config.ExposedPorts ?? {})
        .map(port => Number(port.split('/')[0]))
        .filter(port => Number.isInteger(port) && port > 0 && port < 65536),
      size: stored.size,
    };
  }

  #stored() {
    return fs
      .readdirSync(this.#options.dir)
      .filter(name => /^[0-9a-f]{64}$/.test(name))
      .map(name => {
        const file = path.join(this.#options.dir, name, 'image.json');
        const { data } = storedSchema.safeParse(readJsonIfValid(file));
        return {
          digest: `sha256:${name}`,
          usedAt: data?.usedAt ?? 0,
          labels: data?.config.config?.Labels ?? {},
        };
      });
  }

  #digestOf(reference: ImageReference): string | undefined {
    const { digest, tag } = reference;
    const tags = this.#tags();
    return digest ?? (tag ? tags[formatReference(reference)] : undefined);
  }

  #nameTag(reference: ImageReference, digest: string): void {
    const tags = { ...this.#tags(), [formatReference(reference)]: digest };
    writeAtomically(this.#tagFile, JSON.stringify(tags));
  }

  #tags(): Record<string, string> {
    const read = z
      .record(z.string(), z.string())
      .safeParse(readJsonIfValid(this.#tagFile));
    return read.data ?? {};
  }

  get #tagFile(): string {
    return path.join(this.#options.dir, 'tags.json');
  }

  #folder(digest: string): string {
    return path.join(this.#options.dir, digest.replace('sha256:', ''));
  }

  #root(digest: string): string {
    return path.join(this.#folder(digest), 'root');
  }
}

function withPath(env: string[], folder: string): string[] {
  const known = env.find(entry => entry.startsWith('PATH='));
  const value = known?.slice('PATH='.length) ?? '/usr/local/bin:/usr/bin:/bin';
  const folders = value.split(':').filter(each => each !== folder);
  return [
    ...env.filter(entry => entry !== known),
    `PATH=${[folder, ...folders].join(':')}`,
  ];
}

/** A full disk in the words that one knows from container runtimes. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  return code === 'ENOSPC' || /no space left on device/i.test(message)
    ? `${message.replace(/^ENOSPC: no space left on device, /, '')}: no space left on device`
    : message;
}
