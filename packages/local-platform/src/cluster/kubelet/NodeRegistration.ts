// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeClient, KubeError } from './KubeClient';
import { kubeTime, Node } from './kubeTypes';

/** What a node says of itself. */
export interface NodeRegistrationOptions {
  client: KubeClient;
  nodeName: string;
  nodeIP: string;
  kubeletPort: number;
  log: (message: string) => void;
}

const VERSION = 'v1.34.4-process';
const LEASE_SECONDS = 40;
const LEASE_RENEWAL_MS = 10_000;
/** The status of a node is said every five minutes, its life by the lease. */
const STATUS_EVERY = 30;
const MAX_PODS = 110;
/** What images are built for: manifests ask for it, whatever this machine is. */
const OPERATING_SYSTEM = 'linux';
const ARCHITECTURES: Record<string, string> = { x64: 'amd64' };

/** Registers this machine as a node, and says that it is alive. */
export class NodeRegistration {
  readonly #options: NodeRegistrationOptions;
  readonly #abort = new AbortController();
  readonly #bootID = randomUUID();
  readonly #since = kubeTime();

  constructor(options: NodeRegistrationOptions) {
    this.#options = options;
  }

  /** @throws when the API server does not take the node. */
  async register(): Promise<void> {
    const { client, nodeName } = this.#options;
    try {
      await client.post('/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: nodeName, labels: this.#labels() },
        spec: {},
      });
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 409)) {
        throw error;
      }
    }
    await this.#sayStatus();
    await this.#removeStartTaints();
  }

  /** Goes on until it is stopped. */
  async keepAlive(): Promise<void> {
    const { signal } = this.#abort;
    for (let count = 1; !signal.aborted; count += 1) {
      try {
        await this.#renewLease();
        if (count % STATUS_EVERY === 0) {
          await this.#sayStatus();
        }
      } catch (error) {
        this.#options.log(`node: ${error}`);
      }
      await sleep(LEASE_RENEWAL_MS, undefined, { signal }).catch(() => {});
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  #labels(): Record<string, string> {
    return {
      'kubernetes.io/hostname': this.#options.nodeName,
      'kubernetes.io/os': OPERATING_SYSTEM,
      'kubernetes.io/arch': architecture(),
      'node.kubernetes.io/instance-type': 'process',
    };
  }

  async #sayStatus(): Promise<void> {
    const { client, nodeName } = this.#options;
    await client.patch(
      `/api/v1/nodes/${nodeName}/status`,
      { status: this.#status() },
      'application/strategic-merge-patch+json',
    );
  }

  #status(): Node['status'] {
    const { nodeName, nodeIP, kubeletPort } = this.#options;
    const resources = {
      cpu: String(os.cpus().length),
      memory: `${Math.floor(os.totalmem() / 1024)}Ki`,
      pods: String(MAX_PODS),
    };
    const condition = (
      type: string,
      isTrue: boolean,
      reason: string,
      message: string,
    ) => ({
      type,
      status: isTrue ? 'True' : 'False',
      reason,
      message,
      lastHeartbeatTime: kubeTime(),
      lastTransitionTime: this.#since,
    });
    return {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: nodeIP },
        { type: 'Hostname', address: nodeName },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      nodeInfo: {
        machineID: '',
        systemUUID: '',
        bootID: this.#bootID,
        kernelVersion: os.release(),
        osImage: `${os.type()}, containers as processes`,
        containerRuntimeVersion: 'process://1',
        kubeletVersion: VERSION,
        kubeProxyVersion: '',
        operatingSystem: OPERATING_SYSTEM,
        architecture: architecture(),
      },
      conditions: [
        condition(
          'MemoryPressure',
          false,
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition(
          'DiskPressure',
          false,
          'KubeletHasNoDiskPressure',
          'kubelet has no disk pressure',
        ),
        condition(
          'PIDPressure',
          false,
          'KubeletHasSufficientPID',
          'kubelet has sufficient PID available',
        ),
        condition(
          'Ready',
          true,
          'KubeletReady',
          'kubelet is posting ready status',
        ),
      ],
    };
  }

  /** The API server keeps pods from a new node until a controller, which is not here, has seen it ready. */
  async #removeStartTaints(): Promise<void> {
    const { client, nodeName } = this.#options;
    const path = `/api/v1/nodes/${nodeName}`;
    const { spec } = await client.get<Node>(path);
    const taints = (spec?.taints ?? []).filter(
      ({ key }) => key !== 'node.kubernetes.io/not-ready',
    );
    if (taints.length !== (spec?.taints ?? []).length) {
      await client.patch(path, { spec: { taints } });
    }
  }

  async #renewLease(): Promise<void> {
    const { client, nodeName } = this.#options;
    const leases =
      '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
    const spec = {
      holderIdentity: nodeName,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    };
    try {
      await client.patch(`${leases}/${nodeName}`, { spec });
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 404)) {
        throw error;
      }
      await client.post(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: nodeName },
        spec,
      });
    }
  }
}

function architecture(): string {
  return ARCHITECTURES[process.arch] ?? process.arch;
}
