// SPDX-License-Identifier: Apache-2.0
import { isPortFree } from '../../../bootstrap/ports.mjs';

const FIRST_ADDRESS = 2;
const LAST_ADDRESS = 0xfffe;

/**
 * Addresses of pods, which nothing on this machine has, and the ports of its loopback address that stand for their containers'
 * ports. Kubernetes refuses loopback addresses as those of pods.
 */
export class PodNetwork {
  readonly #firstPort: number;
  readonly #lastPort: number;
  readonly #addresses = new Set<string>();
  readonly #routes = new Map<string, number>();
  readonly #ports = new Set<number>();
  #next = FIRST_ADDRESS;

  constructor([firstPort, lastPort]: [number, number]) {
    this.#firstPort = firstPort;
    this.#lastPort = lastPort;
  }

  /** An address that no pod has; the same as before where the pod had one. */
  takeAddress(before?: string): string {
    if (before && !this.#addresses.has(before)) {
      this.#addresses.add(before);
      return before;
    }
    for (;;) {
      const address = `10.244.${this.#next >> 8}.${this.#next & 255}`;
      this.#next = this.#next === LAST_ADDRESS ? FIRST_ADDRESS : this.#next + 1;
      if (!this.#addresses.has(address)) {
        this.#addresses.add(address);
        return address;
      }
    }
  }

  /** A port of this machine that is free now, until it is given back. */
  async takePort(): Promise<number> {
    for (let port = this.#firstPort; port <= this.#lastPort; port += 1) {
      if (!this.#ports.has(port)) {
        this.#ports.add(port);
        if (await isPortFree(port)) {
          return port;
        }
        this.#ports.delete(port);
      }
    }
    throw new Error(
      `no free port for a container between ${this.#firstPort} and ${this.#lastPort}`,
    );
  }

  /** Keeps a port that a container of an earlier kubelet listens on. */
  keepPort(port: number): void {
    this.#ports.add(port);
  }

  freePort(port: number): void {
    this.#ports.delete(port);
  }

  route(address: string, containerPort: number, hostPort: number): void {
    this.#routes.set(`${address}:${containerPort}`, hostPort);
  }

  unroute(address: string, containerPort: number): void {
    this.#routes.delete(`${address}:${containerPort}`);
  }

  freeAddress(address: string): void {
    this.#addresses.delete(address);
  }

  /** The loopback port behind a pod's address and port; undefined where there is no such pod. */
  find(address: string, port: number): number | undefined {
    return this.#routes.get(`${address}:${port}`);
  }
}
