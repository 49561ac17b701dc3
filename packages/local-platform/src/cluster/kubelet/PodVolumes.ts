// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { writeAtomically } from '../../../bootstrap/files.mjs';
import { expandVariables } from './expandVariables';
import { KubeClient } from './KubeClient';
import { ContainerSpec, Pod, podKey, Volume } from './kubeTypes';
import { fieldOfPod, PodPlace, resourceOfContainer } from './podFields';
import { ConfigError, PodObjects } from './PodObjects';
import { PathMapping } from './rewritePaths';

interface KeyToPath {
  key: string;
  path: string;
}

type Projection = NonNullable<
  NonNullable<Volume['projected']>['sources']
>[number];
type DownwardItems = NonNullable<Volume['downwardAPI']>['items'];
type Files = Map<string, Buffer | string>;

/** Tokens are asked for anew when this part of their time is over, as the kubelet does. */
const TOKEN_AGE = 0.8;

/** The volumes of one pod as folders of this machine. */
export class PodVolumes {
  readonly #dir: string;
  readonly #client: KubeClient;
  readonly #objects: PodObjects;
  readonly #tokens = new Map<string, { token: string; until: number }>();

  constructor(dir: string, client: KubeClient, objects: PodObjects) {
    this.#dir = dir;
    this.#client = client;
    this.#objects = objects;
  }

  /**
   * Makes the folders and fills them; called again, it brings what has changed.
   *
   * @throws with the kubelet's words for the first volume that cannot be had.
   */
  async fill(pod: Pod, place: PodPlace): Promise<void> {
    for (const volume of pod.spec?.volumes ?? []) {
      const folder = this.#folder(volume.name);
      fs.mkdirSync(folder, { recursive: true });
      try {
        writeFiles(folder, await this.#filesOf(volume, pod, place));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new ConfigError(
          `MountVolume.SetUp failed for volume "${volume.name}" : ${message}`,
        );
      }
    }
  }

  /** Where a container's mounts are on this machine. */
  mappings(
    container: ContainerSpec,
    variables: Record<string, string>,
  ): PathMapping[] {
    return (container.volumeMounts ?? []).map(mount => {
      const subPath = mount.subPathExpr
        ? expandVariables(mount.subPathExpr, variables)
        : (mount.subPath ?? '');
      const to = inside(this.#folder(mount.name), subPath);
      if (!fs.existsSync(to)) {
        fs.mkdirSync(to, { recursive: true });
      }
      return { from: mount.mountPath.replace(/(?<=.)\/$/, ''), to };
    });
  }

  #folder(volume: string): string {
    return path.join(this.#dir, volume);
  }

  async #filesOf(volume: Volume, pod: Pod, place: PodPlace): Promise<Files> {
    const { configMap, secret, downwardAPI, projected, emptyDir } = volume;
    if (emptyDir) {
      return new Map();
    }
    if (configMap) {
      return this.#configMapFiles(configMap);
    }
    if (secret) {
      const { secretName, items, optional } = secret;
      return this.#secretFiles({ name: secretName, items, optional });
    }
    if (downwardAPI) {
      return downwardFiles(downwardAPI.items, pod, place);
    }
    if (projected) {
      const files: Files = new Map();
      for (const source of projected.sources ?? []) {
        for (const [name, bytes] of await this.#project(source, pod, place)) {
          files.set(name, bytes);
        }
      }
      return files;
    }
    const kind = Object.keys(volume).find(key => key !== 'name');
    throw new ConfigError(`this kubelet mounts no volume of the kind ${kind}`);
  }

  async #project(
    { serviceAccountToken, configMap, secret, downwardAPI }: Projection,
    pod: Pod,
    place: PodPlace,
  ): Promise<Files> {
    if (serviceAccountToken) {
      const token = await this.#token(serviceAccountToken, pod);
      return new Map([[serviceAccountToken.path, token]]);
    }
    if (configMap) {
      return this.#configMapFiles(configMap);
    }
    if (secret) {
      return this.#secretFiles(secret);
    }
    if (downwardAPI) {
      return downwardFiles(downwardAPI.items, pod, place);
    }
    throw new ConfigError('this kubelet does not know a source of the volume');
  }

  async #configMapFiles(source: ObjectSource): Promise<Files> {
    const { name = '', items, optional } = source;
    const found = await this.#objects.configMap(name, optional);
    return pick(found, items, optional);
  }

  async #secretFiles(source: ObjectSource): Promise<Files> {
    const { name = '', items, optional } = source;
    const found = await this.#objects.secret(name, optional);
    return pick(found, items, optional);
  }

  async #token(
    source: NonNullable<Projection['serviceAccountToken']>,
    pod: Pod,
  ): Promise<string> {
    const { namespace, name, uid } = podKey(pod);
    const { audience, expirationSeconds = 3600, path: file } = source;
    const key = `${audience ?? ''}\0${file}`;
    const known = this.#tokens.get(key);
    if (known && known.until > Date.now()) {
      return known.token;
    }
    const account = pod.spec?.serviceAccountName ?? 'default';
    const { status } = await this.#client.post<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: audience ? [audience] : [],
          expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
        },
      },
    );
    const until = Date.now() + expirationSeconds * 1000 * TOKEN_AGE;
    this.#tokens.set(key, { token: status.token, until });
    return status.token;
  }
}

interface ObjectSource {
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}

function pick(
  found: Map<string, Buffer> | undefined,
  items: KeyToPath[] | undefined,
  optional?: boolean,
): Files {
  if (!found || !items) {
    return found ?? new Map();
  }
  const missing = items.find(({ key }) => !found.has(key));
  if (missing && !optional) {
    throw new ConfigError(`references non-existent config key: ${missing.key}`);
  }
  return new Map(
    items.flatMap(({ key, path: to }) => {
      const bytes = found.get(key);
      return bytes ? [[to, bytes] as const] : [];
    }),
  );
}

function downwardFiles(items: DownwardItems, pod: Pod, place: PodPlace): Files {
  return new Map(
    (items ?? []).map(({ path: to, fieldRef, resourceFieldRef }) => {
      if (fieldRef) {
        return [to, fieldOfPod(pod, place, fieldRef.fieldPath)];
      }
      const { containerName, resource = '', divisor } = resourceFieldRef ?? {};
      const container = pod.spec?.containers.find(
        ({ name }) => name === containerName,
      );
      return [
        to,
        container ? resourceOfContainer(container, resource, divisor) : '',
      ];
    }),
  );
}

/** A path below a folder, whatever it says. */
function inside(folder: string, relative: string): string {
  return path.join(folder, path.join('/', relative));
}

function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of files) {
    const file = inside(folder, name);
    const bytes = Buffer.from(content);
    const before = fs.existsSync(file) ? fs.readFileSync(file) : undefined;
    if (!before?.equals(bytes)) {
      writeAtomically(file, content, 0o600);
    }
  }
}
