// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { KubeClient, KubeError } from './KubeClient';
import { KubeEvent, kubeTime, Pod, podKey } from './kubeTypes';

/** What is said of a pod. */
export interface EventText {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** The container that it is about, as `spec.containers{name}`. */
  fieldPath?: string;
}

interface Known {
  path: string;
  count: number;
}

const MAX_KNOWN = 2_000;
const MAX_WAITING = 500;

/** Tells the API server what happens to pods, in order; what is said again raises a count. */
export class EventRecorder {
  readonly #client: KubeClient;
  readonly #source: { component: string; host?: string };
  readonly #known = new Map<string, Known>();
  readonly #onError: (error: unknown) => void;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    client: KubeClient,
    source: { component: string; host?: string },
    onError: (error: unknown) => void,
  ) {
    this.#client = client;
    this.#source = source;
    this.#onError = onError;
  }

  record(pod: Pod, event: EventText): void {
    // A server that does not answer must not fill the memory with what there was to say.
    if (this.#waiting >= MAX_WAITING) {
      return;
    }
    this.#waiting += 1;
    const time = Date.now();
    this.#queue = this.#queue
      .then(() => this.#write(pod, event, time))
      .catch(this.#onError)
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #write(pod: Pod, event: EventText, time: number): Promise<void> {
    const { uid } = podKey(pod);
    const { type, reason, message, fieldPath = '' } = event;
    const key = createHash('sha256')
      .update([uid, type, reason, fieldPath, message].join('\0'))
      .digest('base64');
    const known = this.#known.get(key);
    if (known) {
      known.count += 1;
      try {
        await this.#client.patch(known.path, {
          count: known.count,
          lastTimestamp: kubeTime(time),
        });
        return;
      } catch (error) {
        // Events are kept for an hour.
        if (!(error instanceof KubeError && error.status === 404)) {
          throw error;
        }
      }
    }
    this.#remember(key, await this.#create(pod, event, time));
  }

  async #create(pod: Pod, event: EventText, time: number): Promise<Known> {
    const { namespace, name, uid } = podKey(pod);
    const { type, reason, message, fieldPath } = event;
    const created = await this.#client.post<KubeEvent>(
      `/api/v1/namespaces/${namespace}/events`,
      {
        metadata: { generateName: `${name}.`, namespace },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace,
          name,
          uid,
          fieldPath,
        },
        type,
        reason,
        // The API server takes no more.
        message: message.slice(0, 1024),
        count: 1,
        firstTimestamp: kubeTime(time),
        lastTimestamp: kubeTime(time),
        source: this.#source,
        reportingComponent: this.#source.component,
        reportingInstance: this.#source.host ?? '',
      },
    );
    return {
      path: `/api/v1/namespaces/${namespace}/events/${created.metadata.name}`,
      count: 1,
    };
  }

  #remember(key: string, known: Known): void {
    this.#known.set(key, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) {
        break;
      }
      this.#known.delete(oldest);
    }
  }
}
