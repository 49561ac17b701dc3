// SPDX-License-Identifier: Apache-2.0
import { isPortFree } from '../../../bootstrap/ports.mjs';
import { PulledImage } from '../images/ImageStore';
import { ContainerSpec, Probe } from './kubeTypes';
import { PodNetwork } from './PodNetwork';
import { PortMap } from './rewritePorts';

/** What a model server of KServe listens on when nothing says otherwise. */
const DEFAULT_PORT = 8080;

/** The ports of one container: which it has, and which ports of this machine stand for them. */
export class ContainerPorts {
  readonly #network: PodNetwork;
  readonly #podIP: string;
  readonly #spec: ContainerSpec;
  readonly #ports = new Map<number, number>();

  constructor(network: PodNetwork, podIP: string, spec: ContainerSpec) {
    this.#network = network;
    this.#podIP = podIP;
    this.#spec = spec;
  }

  get map(): PortMap {
    return this.#ports;
  }

  /** Takes a free port for each of the container's; the same as in its last run where they are free still. */
  async take(image: PulledImage): Promise<void> {
    for (const port of portsOf(this.#spec, image)) {
      const before = this.#ports.get(port);
      if (before === undefined || !(await isPortFree(before))) {
        if (before !== undefined) {
          this.#network.freePort(before);
        }
        this.#set(port, await this.#network.takePort());
      }
    }
  }

  /** Takes over what an earlier kubelet has given to a container that runs. */
  keep(ports: [number, number][]): void {
    for (const [port, hostPort] of ports) {
      this.#network.keepPort(hostPort);
      this.#set(port, hostPort);
    }
  }

  free(): void {
    for (const [port, hostPort] of this.#ports) {
      this.#network.freePort(hostPort);
      this.#network.unroute(this.#podIP, port);
    }
    this.#ports.clear();
  }

  /** The port that a probe names. */
  find(given: number | string): { containerPort: number; hostPort: number } {
    const named = this.#spec.ports?.find(({ name }) => name === given);
    const containerPort = named?.containerPort ?? Number(given);
    return {
      containerPort,
      hostPort: this.#ports.get(containerPort) ?? containerPort,
    };
  }

  #set(port: number, hostPort: number): void {
    this.#ports.set(port, hostPort);
    this.#network.route(this.#podIP, port, hostPort);
  }
}

function portsOf(spec: ContainerSpec, image: PulledImage): number[] {
  const declared = (spec.ports ?? []).map(({ containerPort }) => containerPort);
  const probed = [spec.startupProbe, spec.readinessProbe, spec.livenessProbe]
    .map(probedPort)
    .filter(port => port !== undefined);
  const ports = [
    ...(declared.length ? declared : image.exposedPorts),
    ...probed,
  ];
  return [...new Set(ports.length ? ports : [DEFAULT_PORT])];
}

function probedPort(probe: Probe | undefined): number | undefined {
  const port = Number(probe?.httpGet?.port ?? probe?.tcpSocket?.port);
  return Number.isInteger(port) ? port : undefined;
}
