// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ImagePullError,
  ImageStore,
  PulledImage,
  PullPolicy,
  RegistryCredentials,
} from '../images/ImageStore';
import { Backoff, BackoffOptions } from './Backoff';
import { EventText } from './EventRecorder';
import { ContainerSpec } from './kubeTypes';

/** Who hears how a pull goes. */
export interface PullListener {
  event: (event: EventText) => void;
  waiting: (reason: string, message: string) => void;
}

/** For so long one sees why a pull failed, before one sees that it is waited for. */
const SHOW_ERROR_MS = 1_000;

/** Gets the image of one container, again and again until it is there. */
export class ImagePuller {
  readonly #images: ImageStore;
  readonly #listener: PullListener;
  readonly #backoff: Backoff;
  readonly #firstMs: number;

  constructor(
    images: ImageStore,
    listener: PullListener,
    backoff: BackoffOptions,
  ) {
    this.#images = images;
    this.#listener = listener;
    this.#backoff = new Backoff(backoff);
    this.#firstMs = backoff.firstMs;
  }

  /** @returns undefined when the signal ended the waiting. */
  async pull(
    spec: ContainerSpec,
    credentials: () => Promise<RegistryCredentials[]>,
    signal: AbortSignal,
  ): Promise<PulledImage | undefined> {
    const image = spec.image ?? '';
    while (!signal.aborted) {
      try {
        return await this.#try(image, policyOf(spec), credentials);
      } catch (error) {
        await this.#fail(image, error, signal);
      }
    }
    return undefined;
  }

  async #try(
    image: string,
    pullPolicy: PullPolicy,
    credentials: () => Promise<RegistryCredentials[]>,
  ): Promise<PulledImage> {
    const present =
      pullPolicy === 'Always' ? undefined : await this.#images.find(image);
    if (present) {
      this.#say(
        'Pulled',
        `Container image "${image}" already present on machine`,
      );
      return present;
    }
    if (pullPolicy === 'Never') {
      throw new ImagePullError(
        `Container image "${image}" is not present with pull policy of Never`,
        'ErrImageNeverPull',
      );
    }
    this.#say('Pulling', `Pulling image "${image}"`);
    const startedAt = Date.now();
    const secrets = await credentials();
    const pulled = await this.#images.resolve(image, { pullPolicy, secrets });
    const took = `${((Date.now() - startedAt) / 1000).toFixed(3)}s`;
    const size =
      pulled.size === undefined ? '' : `. Image size: ${pulled.size} bytes.`;
    this.#say(
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting)${size}`,
    );
    return pulled;
  }

  async #fail(
    image: string,
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const reason =
      error instanceof ImagePullError ? error.reason : 'ErrImagePull';
    const message = error instanceof Error ? error.message : String(error);
    this.#listener.waiting(reason, message);
    if (reason === 'ErrImageNeverPull') {
      this.#warn(reason, message);
      this.#warn('Failed', `Error: ${reason}`);
      await wait(this.#firstMs, signal);
      return;
    }
    this.#warn('Failed', `Failed to pull image "${image}": ${message}`);
    this.#warn('Failed', `Error: ${reason}`);
    const waitMs = this.#backoff.afterFailure(Date.now()) || this.#firstMs;
    await wait(Math.min(SHOW_ERROR_MS, waitMs / 2), signal);
    if (signal.aborted) {
      return;
    }
    this.#listener.waiting(
      'ImagePullBackOff',
      `Back-off pulling image "${image}": ${reason}: ${message}`,
    );
    this.#say('BackOff', `Back-off pulling image "${image}"`);
    this.#warn('Failed', 'Error: ImagePullBackOff');
    await wait(waitMs, signal);
  }

  #say(reason: string, message: string): void {
    this.#listener.event({ type: 'Normal', reason, message });
  }

  #warn(reason: string, message: string): void {
    this.#listener.event({ type: 'Warning', reason, message });
  }
}

function policyOf(spec: ContainerSpec): PullPolicy {
  const policy = spec.imagePullPolicy;
  return policy === 'Always' || policy === 'Never' ? policy : 'IfNotPresent';
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
