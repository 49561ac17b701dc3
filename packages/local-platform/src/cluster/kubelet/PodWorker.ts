// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readJsonIfValid, writeAtomically } from '../../../bootstrap/files.mjs';
import { confirmDeletion } from './confirmDeletion';
import { Container, RestartPolicy } from './Container';
import { KubeError } from './KubeClient';
import { kubeTime, Pod, PodKey, podKey, PodStatus } from './kubeTypes';
import { NodeContext, PodContext } from './PodContext';
import { PodObjects } from './PodObjects';
import { podStatus } from './podStatus';
import { PodVolumes } from './PodVolumes';

const VOLUME_RETRY_MS = 2_000;
const VOLUME_REFRESH_MS = 60_000;
const STATUS_DELAY_MS = 50;
const STATUS_RETRY_MS = 1_000;
const DEFAULT_GRACE_SECONDS = 30;

const podRecordSchema = z.object({ podIP: z.string() });

/** One pod on this node, from its binding to its deletion. */
export class PodWorker {
  readonly key: PodKey;
  readonly #node: NodeContext;
  readonly #context: PodContext;
  readonly #dir: string;
  readonly #startTime: string;
  readonly #init: Container[];
  readonly #containers: Container[];
  readonly #abort = new AbortController();
  #pod: Pod;
  #sent: PodStatus | undefined;
  #sending: Promise<void> = Promise.resolve();
  #statusTimer: NodeJS.Timeout | undefined;
  #refreshTimer: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;
  #isStopped = false;

  constructor(pod: Pod, node: NodeContext) {
    this.#pod = pod;
    this.#node = node;
    this.key = podKey(pod);
    this.#dir = path.join(node.podsDir, this.key.uid);
    fs.mkdirSync(this.#dir, { recursive: true });
    this.#startTime = pod.status?.startTime ?? kubeTime();
    const objects = new PodObjects(node.client, this.key.namespace);
    this.#context = {
      node,
      pod: () => this.#pod,
      place: {
        nodeName: node.nodeName,
        nodeIP: node.nodeIP,
        podIP: this.#takeAddress(),
      },
      objects,
      volumes: new PodVolumes(
        path.join(this.#dir, 'volumes'),
        node.client,
        objects,
      ),
      dir: path.join(this.#dir, 'containers'),
      changed: () => this.#scheduleStatus(STATUS_DELAY_MS),
      event: event => node.events.record(this.#pod, event),
    };
    this.#init = (pod.spec?.initContainers ?? []).map(
      spec => new Container(spec, this.#context, true),
    );
    this.#containers = (pod.spec?.containers ?? []).map(
      spec => new Container(spec, this.#context, false),
    );
  }

  get pod(): Pod {
    return this.#pod;
  }

  container(name: string): Container | undefined {
    return this.containers.find(({ spec }) => spec.name === name);
  }

  /** All of them, those that prepare the pod first. */
  get containers(): Container[] {
    return [...this.#init, ...this.#containers];
  }

  /** Digests of the images that its containers run or ran. */
  get imageIDs(): string[] {
    return this.containers.map(({ status }) => status.imageID).filter(Boolean);
  }

  start(): void {
    this.#run().catch(error =>
      this.#node.log(`pod ${this.key.name}: ${error.stack ?? error}`),
    );
  }

  /** Takes what the API server says of the pod now. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata?.deletionTimestamp) {
      const seconds =
        pod.metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
      this.delete(seconds * 1000).catch(error =>
        this.#node.log(`deleting ${this.key.name}: ${error}`),
      );
    }
  }

  /** Ends the pod as its deletion asks, and then tells the API server that it is gone. */
  async delete(graceMs: number): Promise<void> {
    this.#stopping ??= this.#delete(graceMs);
    await this.#stopping;
  }

  /** The pod is no more: what is left of it goes. */
  async remove(): Promise<void> {
    await this.stop(0);
    this.#node.network.freeAddress(this.#context.place.podIP);
    fs.rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Ends its containers; a later kubelet starts them again. */
  async stop(graceMs: number): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#refreshTimer);
    clearTimeout(this.#statusTimer);
    // Sidecars see the others go.
    await Promise.all(this.#containers.map(each => each.stop(graceMs)));
    await Promise.all(this.#init.map(each => each.stop(graceMs)));
  }

  async #run(): Promise<void> {
    const { phase } = this.#pod.status ?? {};
    if (this.#pod.metadata?.deletionTimestamp) {
      // Its containers are known, so that they are ended.
      this.update(this.#pod);
    }
    if (phase === 'Succeeded' || phase === 'Failed') {
      return;
    }
    this.#context.changed();
    await this.#fillVolumes();
    for (const container of this.#init) {
      if (container.spec.restartPolicy === 'Always') {
        this.#runSidecar(container);
        await container.started;
      } else if ((await container.run(this.#initPolicy)) !== 0) {
        return;
      }
      if (this.#abort.signal.aborted) {
        return;
      }
    }
    const policy = this.#policy;
    await Promise.all(this.#containers.map(each => each.run(policy)));
    const { signal } = this.#abort;
    if (!signal.aborted) {
      await Promise.all(this.#init.map(each => each.stop(this.#graceMs)));
    }
  }

  #runSidecar(container: Container): void {
    container
      .run('Always')
      .catch(error => this.#node.log(`${this.key.name}: ${error}`));
  }

  get #graceMs(): number {
    const seconds = this.#pod.spec?.terminationGracePeriodSeconds;
    return (seconds ?? DEFAULT_GRACE_SECONDS) * 1000;
  }

  get #policy(): RestartPolicy {
    const policy = this.#pod.spec?.restartPolicy;
    return policy === 'Never' || policy === 'OnFailure' ? policy : 'Always';
  }

  get #initPolicy(): RestartPolicy {
    return this.#policy === 'Never' ? 'Never' : 'OnFailure';
  }

  async #fillVolumes(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        await this.#context.volumes.fill(this.#pod, this.#context.place);
        this.#scheduleRefresh();
        return;
      } catch (error) {
        this.#context.event({
          type: 'Warning',
          reason: 'FailedMount',
          message: error instanceof Error ? error.message : String(error),
        });
        await sleep(VOLUME_RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Mounted objects follow what they are made of; tokens are renewed. */
  #scheduleRefresh(): void {
    this.#refreshTimer = setTimeout(() => {
      this.#context.volumes
        .fill(this.#pod, this.#context.place)
        .catch(error => this.#node.log(`${this.key.name}: ${error.message}`))
        .finally(() => {
          if (!this.#abort.signal.aborted) {
            this.#scheduleRefresh();
          }
        });
    }, VOLUME_REFRESH_MS);
  }

  async #delete(graceMs: number): Promise<void> {
    for (const container of [...this.#containers, ...this.#init]) {
      if (container.isRunning) {
        this.#context.event({
          type: 'Normal',
          reason: 'Killing',
          message: `Stopping container ${container.spec.name}`,
          fieldPath: container.fieldPath,
        });
      }
    }
    await this.stop(graceMs);
    this.#isStopped = true;
    await this.#sendStatus();
    await confirmDeletion(this.key, this.#node.client, this.#node.log);
  }

  #takeAddress(): string {
    const file = path.join(this.#dir, 'pod.json');
    const { data } = podRecordSchema.safeParse(readJsonIfValid(file));
    const podIP = this.#node.network.takeAddress(data?.podIP);
    writeAtomically(file, JSON.stringify({ podIP }), 0o600);
    return podIP;
  }

  #scheduleStatus(delayMs: number): void {
    if (this.#abort.signal.aborted) {
      return;
    }
    this.#statusTimer ??= setTimeout(() => {
      this.#statusTimer = undefined;
      this.#sendStatus();
    }, delayMs);
  }

  /** One at a time, so that none overtakes another. */
  #sendStatus(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#patchStatus());
    return this.#sending;
  }

  async #patchStatus(): Promise<void> {
    const { namespace, name, uid } = this.key;
    const status = podStatus({
      pod: this.#pod,
      nodeIP: this.#node.nodeIP,
      podIP: this.#context.place.podIP,
      startTime: this.#startTime,
      containers: this.#containers.map(each => each.status),
      initContainers: this.#init.map(each => each.status),
      isStopped: this.#isStopped,
    });
    if (isDeepStrictEqual(status, this.#sent)) {
      return;
    }
    try {
      const pod = await this.#node.client.patch<Pod>(
        `/api/v1/namespaces/${namespace}/pods/${name}/status`,
        { metadata: { uid }, status },
      );
      this.#sent = status;
      this.#pod = { ...this.#pod, status: pod.status };
    } catch (error) {
      // Gone, or another of its name: nobody is left to be told.
      if (!(error instanceof KubeError && [404, 409].includes(error.status))) {
        this.#node.log(`status of ${name}: ${error}`);
        this.#scheduleStatus(STATUS_RETRY_MS);
      }
    }
  }
}
