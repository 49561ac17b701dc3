// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImageStore } from '../images/ImageStore';
import { endLeftContainers } from './endLeftContainers.mjs';
import { EventRecorder } from './EventRecorder';
import { Informer } from './Informer';
import { KubeClient } from './KubeClient';
import { ParsedKubeletOptions } from './kubeletOptions';
import { KubeletServer } from './KubeletServer';
import { Pod, podKey } from './kubeTypes';
import { MemoryGroups } from './MemoryGroups';
import { MemoryWatch } from './MemoryWatch';
import { NODE_METRICS } from './metrics/nodeMetrics';
import { NetworkProxy } from './NetworkProxy';
import { NodeRegistration } from './NodeRegistration';
import { NodeContext } from './PodContext';
import { PodNetwork } from './PodNetwork';
import { PodScheduler } from './PodScheduler';
import { PodWorker } from './PodWorker';

const NODE_IP = '127.0.0.1';
const RETRY_MS = 500;
const PRUNE_MS = 10 * 60_000;
const LOCAL_NAMES = [NODE_IP, 'localhost'];

/** A node of Kubernetes whose containers are processes of this machine. */
export class Kubelet {
  readonly #options: ParsedKubeletOptions;
  readonly #log: (message: string) => void;
  readonly #client: KubeClient;
  readonly #node: NodeContext;
  readonly #registration: NodeRegistration;
  readonly #scheduler: PodScheduler;
  readonly #server: KubeletServer;
  readonly #proxies: NetworkProxy[];
  readonly #pods = new Map<string, PodWorker>();
  readonly #informer: Informer<Pod>;
  #pruning: NodeJS.Timeout | undefined;
  #ready = false;
  #stopped = false;

  constructor(
    options: ParsedKubeletOptions,
    images: ImageStore,
    log: (message: string) => void,
  ) {
    this.#options = options;
    this.#log = log;
    const { nodeName, kubeletPort } = options;
    this.#client = new KubeClient(options);
    const network = new PodNetwork(options.containerPorts);
    this.#node = {
      client: this.#client,
      images,
      events: new EventRecorder(
        this.#client,
        { component: 'kubelet', host: nodeName },
        error => log(`event: ${error}`),
      ),
      network,
      memory: new MemoryWatch(options.memoryCheckMs),
      memoryGroups: options.controlGroups
        ? MemoryGroups.open(options.rootDir)
        : undefined,
      nodeName,
      nodeIP: NODE_IP,
      server: new URL(options.server),
      podsDir: path.join(options.rootDir, 'pods'),
      restartBackoff: options.restartBackoff,
      isStopping: () => this.#stopped,
      log,
    };
    this.#registration = new NodeRegistration({
      client: this.#client,
      nodeName,
      nodeIP: NODE_IP,
      kubeletPort,
      log,
    });
    this.#scheduler = new PodScheduler({
      client: new KubeClient({
        ...options,
        tokenFile: options.schedulerTokenFile ?? options.tokenFile,
      }),
      nodeName,
      boundPods: () => [...this.#pods.values()].map(({ pod }) => pod),
      log,
    });
    this.#server = new KubeletServer({
      ...options,
      port: kubeletPort,
      isReady: () => this.#ready,
      findPod: (namespace, name) =>
        [...this.#pods.values()].findLast(
          ({ key }) => key.namespace === namespace && key.name === name,
        ),
      metrics: Object.fromEntries(
        Object.entries(NODE_METRICS).map(([file, make]) => [
          file,
          () => make([...this.#pods.values()]),
        ]),
      ),
    });
    const toPod = (host: string, port: number) => network.find(host, port);
    this.#proxies = [
      new NetworkProxy(toPod, options.podProxyCredentials),
      // The API server comes this way to this kubelet and to webhooks, too.
      new NetworkProxy((host, port) =>
        LOCAL_NAMES.includes(host) ? port : toPod(host, port),
      ),
    ];
    this.#informer = new Informer<Pod>({
      client: this.#client,
      path: '/api/v1/pods',
      fieldSelector: `spec.nodeName=${nodeName}`,
      onList: pods => this.#takeAll(pods),
      onChange: (type, pod) =>
        type === 'DELETED' ? this.#remove(podKey(pod).uid) : this.#take(pod),
      onError: error => log(`pods: ${error}`),
    });
  }

  /** Settles when the node is registered; its pods follow. */
  async start(): Promise<void> {
    const { podNetworkSocket, podProxyPort } = this.#options;
    fs.mkdirSync(this.#node.podsDir, { recursive: true });
    fs.rmSync(podNetworkSocket, { force: true });
    const [forClients, forServer] = this.#proxies;
    await forClients.listen({ port: podProxyPort });
    await forServer.listen({ path: podNetworkSocket });
    fs.chmodSync(podNetworkSocket, 0o600);
    await this.#server.listen();
    this.#log(
      this.#node.memoryGroups
        ? "containers' memory is limited by control groups"
        : "containers' memory is looked at, as this user may make no control groups",
    );
    await this.#register();
    if (this.#stopped) {
      return;
    }
    this.#registration.keepAlive().catch(error => this.#log(String(error)));
    this.#informer.run().catch(error => this.#log(String(error)));
    this.#scheduler.start();
    this.#pruning = setInterval(() => {
      this.#removeUnusedImages().catch(error => this.#log(`images: ${error}`));
    }, PRUNE_MS);
  }

  /** Ends all containers, and what it listens on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#pruning);
    this.#registration.stop();
    this.#scheduler.stop();
    this.#informer.stop();
    const workers = [...this.#pods.values()];
    await Promise.all(
      workers.map(each => each.stop(this.#options.shutdownGraceMs)),
    );
    this.#node.memory.stop();
    this.#server.close();
    await Promise.all(this.#proxies.map(proxy => proxy.close()));
    this.#client.close();
  }

  async #register(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#registration.register();
        return;
      } catch (error) {
        this.#log(`node: ${error}`);
        await sleep(RETRY_MS);
      }
    }
  }

  async #removeUnusedImages(): Promise<void> {
    if (this.#ready) {
      // What is being pulled is among what was pulled last.
      const used = [...this.#pods.values()].flatMap(each => each.imageIDs);
      await this.#node.images.removeUnused?.(new Set(used));
    }
  }

  #takeAll(pods: Pod[]): void {
    const there = new Set(pods.map(pod => podKey(pod).uid));
    for (const uid of this.#pods.keys()) {
      if (!there.has(uid)) {
        this.#remove(uid);
      }
    }
    // Pods that were deleted while no kubelet was there.
    for (const uid of fs.readdirSync(this.#node.podsDir)) {
      if (!there.has(uid) && !this.#pods.has(uid)) {
        const dir = path.join(this.#node.podsDir, uid);
        endLeftContainers([dir]);
        fs.rmSync(dir, { recursive: true, force: true });
      }
    }
    const failures: unknown[] = [];
    for (const pod of pods) {
      try {
        this.#take(pod);
      } catch (error) {
        failures.push(error);
      }
    }
    this.#ready = true;
    if (failures.length) {
      // The disk is full, perhaps: the informer lists them again in a while.
      throw failures[0];
    }
  }

  #take(pod: Pod): void {
    const { uid } = podKey(pod);
    const known = this.#pods.get(uid);
    if (known) {
      known.update(pod);
      return;
    }
    const worker = new PodWorker(pod, this.#node);
    this.#pods.set(uid, worker);
    worker.start();
  }

  #remove(uid: string): void {
    const worker = this.#pods.get(uid);
    this.#pods.delete(uid);
    worker
      ?.remove()
      .catch(error => this.#log(`removing ${worker.key.name}: ${error}`));
    this.#scheduler.schedule();
  }
}
