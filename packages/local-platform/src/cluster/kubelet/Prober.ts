// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { ContainerSpec, Probe } from './kubeTypes';
import { ProbeTarget, runProbe } from './runProbe';

export type ProbeKind = 'Startup' | 'Readiness' | 'Liveness';

/** Who hears what the probes of one run of a container say. */
export interface ProbeListener {
  onStarted: () => void;
  onReady: (ready: boolean) => void;
  /** Each try that failed, as it is said in an event. */
  onFailure: (message: string) => void;
  /** The container must be restarted. */
  onDead: (kind: ProbeKind) => void;
}

/** The kubelet waits a whole period after each try; nobody needs to wait so long for the first success. */
const EAGER_MS = 1_000;

/** Asks one run of a container how it is: startup first, then readiness and liveness. */
export class Prober {
  readonly #spec: ContainerSpec;
  readonly #target: ProbeTarget;
  readonly #listener: ProbeListener;
  readonly #abort = new AbortController();
  readonly #startedAt: number;

  /** @param startedAt - In ms since the epoch; initial delays count from then. */
  constructor(
    spec: ContainerSpec,
    target: ProbeTarget,
    listener: ProbeListener,
    startedAt: number,
  ) {
    this.#spec = spec;
    this.#target = target;
    this.#listener = listener;
    this.#startedAt = startedAt;
  }

  async run(): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = this.#spec;
    if (startupProbe && !(await this.#waitForStart(startupProbe))) {
      return;
    }
    if (this.#abort.signal.aborted) {
      return;
    }
    this.#listener.onStarted();
    if (!readinessProbe) {
      this.#listener.onReady(true);
    }
    await Promise.all([
      readinessProbe &&
        this.#repeat('Readiness', readinessProbe, ready => {
          this.#listener.onReady(ready);
          return true;
        }),
      livenessProbe &&
        this.#repeat('Liveness', livenessProbe, alive => {
          if (!alive) {
            this.#listener.onDead('Liveness');
          }
          return alive;
        }),
    ]);
  }

  stop(): void {
    this.#abort.abort();
  }

  /** @returns false when the container did not start in time, or the probing was ended. */
  async #waitForStart(probe: Probe): Promise<boolean> {
    let started = false;
    await this.#repeat('Startup', probe, success => {
      started = success;
      if (!success) {
        this.#listener.onDead('Startup');
      }
      return false;
    });
    return started;
  }

  /** @param onResult - Told when the thresholds say so; answers whether to go on. */
  async #repeat(
    kind: ProbeKind,
    probe: Probe,
    onResult: (success: boolean) => boolean,
  ): Promise<void> {
    const { signal } = this.#abort;
    const { failureThreshold = 3, successThreshold = 1 } = probe;
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    let nextAt = this.#startedAt + (probe.initialDelaySeconds ?? 0) * 1000;
    await pause(nextAt - Date.now(), signal);
    let eager = kind !== 'Liveness';
    let inRow = 0;
    let before: boolean | undefined;
    while (!signal.aborted) {
      const askedAt = Date.now();
      const problem = await runProbe(probe, this.#target).catch(String);
      if (signal.aborted) {
        return;
      }
      const success = problem === undefined;
      // Of what is asked early, only a success counts.
      if (success || askedAt >= nextAt) {
        nextAt = askedAt + periodMs;
        eager &&= !success;
        inRow = success === before ? inRow + 1 : 1;
        before = success;
        if (!success) {
          this.#listener.onFailure(`${kind} probe failed: ${problem}`);
        }
        const enough = inRow >= (success ? successThreshold : failureThreshold);
        if (enough && !onResult(success)) {
          return;
        }
      }
      const waitMs = nextAt - Date.now();
      await pause(eager ? Math.min(waitMs, EAGER_MS) : waitMs, signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {});
}
