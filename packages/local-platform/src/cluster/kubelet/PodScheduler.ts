// SPDX-License-Identifier: Apache-2.0
import { EventRecorder } from './EventRecorder';
import { findObstacle } from './findObstacle';
import { Informer } from './Informer';
import { KubeClient, KubeError } from './KubeClient';
import { kubeTime, Node, Pod, podKey } from './kubeTypes';

/** What the scheduler decides by. */
export interface PodSchedulerOptions {
  client: KubeClient;
  nodeName: string;
  /** The pods that are bound to the node by now. */
  boundPods: () => Pod[];
  log: (message: string) => void;
}

const RETRY_MS = 15_000;

/** Binds pods to the one node there is, and says of others why not, as kube-scheduler does. */
export class PodScheduler {
  readonly #options: PodSchedulerOptions;
  readonly #events: EventRecorder;
  readonly #pending = new Map<string, Pod>();
  /** Bound, but not seen as such yet: until when that is believed, in ms. */
  readonly #assumed = new Map<string, { pod: Pod; until: number }>();
  readonly #informers: { run(): Promise<void>; stop(): void }[];
  #node: Node | undefined;
  #running = false;
  #again = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PodSchedulerOptions) {
    this.#options = options;
    const { client, nodeName, log } = options;
    const onError = (error: unknown) => log(`scheduler: ${error}`);
    this.#events = new EventRecorder(
      client,
      { component: 'default-scheduler' },
      onError,
    );
    this.#informers = [
      new Informer<Pod>({
        client,
        path: '/api/v1/pods',
        fieldSelector: 'spec.nodeName=',
        onList: pods => {
          this.#pending.clear();
          pods.forEach(pod => this.#pending.set(podKey(pod).uid, pod));
          this.schedule();
        },
        onChange: (type, pod) => {
          if (type === 'DELETED') {
            this.#pending.delete(podKey(pod).uid);
          } else {
            this.#pending.set(podKey(pod).uid, pod);
          }
          this.schedule();
        },
        onError,
      }),
      new Informer<Node>({
        client,
        path: '/api/v1/nodes',
        fieldSelector: `metadata.name=${nodeName}`,
        onList: ([node]) => {
          this.#node = node;
          this.schedule();
        },
        onChange: (type, node) => {
          this.#node = type === 'DELETED' ? undefined : node;
          this.schedule();
        },
        onError,
      }),
    ];
  }

  start(): void {
    this.#informers.forEach(informer => {
      informer.run().catch(error => this.#options.log(String(error)));
    });
    this.#timer = setInterval(() => this.schedule(), RETRY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#informers.forEach(informer => informer.stop());
  }

  /** Looks at all that waits: something has changed. */
  schedule(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#scheduleAll()
      .catch(error => this.#options.log(`scheduler: ${error}`))
      .finally(() => {
        this.#running = false;
        if (this.#again) {
          this.#again = false;
          this.schedule();
        }
      });
  }

  async #scheduleAll(): Promise<void> {
    if (!this.#node) {
      return;
    }
    for (const pod of [...this.#pending.values()]) {
      const { metadata, spec } = pod;
      if (
        !metadata?.deletionTimestamp &&
        !spec?.nodeName &&
        !spec?.schedulingGates?.length &&
        (spec?.schedulerName ?? 'default-scheduler') === 'default-scheduler'
      ) {
        await this.#scheduleOne(pod);
      }
    }
  }

  async #scheduleOne(pod: Pod): Promise<void> {
    const obstacle = findObstacle(pod, this.#node, this.#occupants());
    try {
      await (obstacle ? this.#refuse(pod, obstacle) : this.#bind(pod));
    } catch (error) {
      // Gone, or bound in the meantime.
      if (!(error instanceof KubeError && [404, 409].includes(error.status))) {
        this.#options.log(`scheduler: ${error}`);
      }
    }
  }

  #occupants(): Pod[] {
    const bound = this.#options.boundPods();
    const seen = new Set(bound.map(pod => podKey(pod).uid));
    for (const [uid, { until }] of this.#assumed) {
      if (seen.has(uid) || until < Date.now()) {
        this.#assumed.delete(uid);
      }
    }
    const assumed = [...this.#assumed.values()].map(({ pod }) => pod);
    return [...bound, ...assumed].filter(
      ({ status }) => !['Succeeded', 'Failed'].includes(status?.phase ?? ''),
    );
  }

  async #bind(pod: Pod): Promise<void> {
    const { client, nodeName } = this.#options;
    const { namespace, name, uid } = podKey(pod);
    await client.post(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    });
    this.#pending.delete(uid);
    this.#assumed.set(uid, { pod, until: Date.now() + RETRY_MS });
    this.#events.record(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
    });
  }

  async #refuse(pod: Pod, message: string): Promise<void> {
    const { namespace, name, uid } = podKey(pod);
    const old = pod.status?.conditions ?? [];
    const before = old.find(({ type }) => type === 'PodScheduled');
    if (before?.status === 'False' && before.message === message) {
      return;
    }
    this.#events.record(pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
    });
    const changed = await this.#options.client.patch<Pod>(
      `/api/v1/namespaces/${namespace}/pods/${name}/status`,
      {
        metadata: { uid },
        status: {
          conditions: [
            ...old.filter(({ type }) => type !== 'PodScheduled'),
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message,
              lastTransitionTime: kubeTime(),
            },
          ],
        },
      },
    );
    if (this.#pending.has(uid)) {
      this.#pending.set(uid, changed);
    }
  }
}
