// SPDX-License-Identifier: Apache-2.0
import { KubeClient, KubeError } from './KubeClient';
import { ConfigMap, Secret } from './kubeTypes';

/** A reference to an object in the pod's namespace is wrong; the message is the kubelet's. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** The config maps and secrets of a pod's namespace, as bytes by key. */
export class PodObjects {
  readonly #client: KubeClient;
  readonly #namespace: string;

  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /**
   * @returns undefined when it is not there and may be absent.
   * @throws {@link ConfigError} when it is not there.
   */
  async configMap(
    name: string,
    optional?: boolean,
  ): Promise<Map<string, Buffer> | undefined> {
    const object = await this.#get<ConfigMap>('configmaps', name, optional);
    const texts = Object.entries<string>(object?.data ?? {});
    const bytes = Object.entries<string>(object?.binaryData ?? {});
    return (
      object &&
      new Map([
        ...texts.map(([key, text]) => [key, Buffer.from(text)] as const),
        ...bytes.map(
          ([key, b64]) => [key, Buffer.from(b64, 'base64')] as const,
        ),
      ])
    );
  }

  /** As {@link configMap}. */
  async secret(
    name: string,
    optional?: boolean,
  ): Promise<Map<string, Buffer> | undefined> {
    const object = await this.#get<Secret>('secrets', name, optional);
    const bytes = Object.entries<string>(object?.data ?? {});
    return (
      object &&
      new Map(bytes.map(([key, b64]) => [key, Buffer.from(b64, 'base64')]))
    );
  }

  async #get<T>(
    kind: 'configmaps' | 'secrets',
    name: string,
    optional = false,
  ): Promise<T | undefined> {
    try {
      return await this.#client.get<T>(
        `/api/v1/namespaces/${this.#namespace}/${kind}/${encodeURIComponent(name)}`,
      );
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 404)) {
        throw error;
      }
      if (optional) {
        return undefined;
      }
      throw new ConfigError(`${kind.slice(0, -1)} "${name}" not found`);
    }
  }
}
