// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { writeAtomically } from '../../bootstrap/files.mjs';
import { ManifestsRepository } from '../cluster/gitops/laptopManifests';
import { alertmanagerConfig } from './alertmanagerConfig';
import { localRules } from './localRules';
import { monitoringFiles } from './MonitoringContext';
import { PrometheusRule, readMonitoringObjects } from './readMonitoringObjects';
import { readMonitoringValues } from './readMonitoringValues';
import { scrapeTargets } from './scrapeTargets';

/** What is followed, and who hears of changes. */
export interface MonitoringWatchOptions {
  kubeConfig: KubeConfig;
  /** Where routes are; without it nobody is told of alerts. */
  repository?: ManifestsRepository;
  /** As in MonitoringContext. */
  dir: string;
  webhookUrl: string;
  /** Makes a server read its configuration again; fails with its words when it does not take it. */
  reload(server: 'prometheus' | 'alertmanager'): Promise<void>;
  /** A line for the person at the terminal. */
  tell(message: string): void;
  intervalMs?: number;
}

const INTERVAL_MS = 10_000;

/**
 * Does what the Prometheus operator does in a cluster: makes targets of monitors and files of PrometheusRules, and
 * Alertmanager's configuration of the values that the repository of manifests has for it.
 */
export class MonitoringWatch {
  readonly #options: MonitoringWatchOptions;
  readonly #files: ReturnType<typeof monitoringFiles>;
  readonly #abort = new AbortController();
  /** What went wrong in the last round, by what it was. */
  readonly #failed = new Map<string, { message: string; isTold: boolean }>();
  #running: Promise<void> = Promise.resolve();

  constructor(options: MonitoringWatchOptions) {
    this.#options = options;
    this.#files = monitoringFiles(options.dir);
  }

  /** Writes what the servers cannot start without. */
  prepare(): void {
    const { dir } = this.#options;
    for (const folder of [
      this.#files.rules,
      path.dirname(this.#files.targets),
    ]) {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    // Rules of a cluster that is no more would speak of what is not there.
    for (const name of fs.readdirSync(this.#files.rules)) {
      fs.rmSync(path.join(this.#files.rules, name), { recursive: true });
    }
    writeAtomically(this.#files.targets, '[]', 0o600);
    writeAtomically(
      this.#files.alertmanagerConfig,
      this.#routes(undefined),
      0o600,
    );
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const { intervalMs = INTERVAL_MS } = this.#options;
    while (!signal.aborted) {
      await this.#try('targets and rules', () => this.#followCluster());
      await this.#try('routes', () => this.#followRepository());
      await sleep(intervalMs, undefined, { signal }).catch(() => {});
    }
  }

  async #followCluster(): Promise<void> {
    const objects = await readMonitoringObjects(
      this.#options.kubeConfig,
      this.#abort.signal,
    );
    // Prometheus watches this file itself.
    replace(this.#files.targets, JSON.stringify(scrapeTargets(objects)));
    if (this.#writeRules(objects.prometheusRules)) {
      await this.#options.reload('prometheus');
    }
  }

  #writeRules(rules: PrometheusRule[]): boolean {
    const wanted = new Map(
      rules.map(rule => [
        `${rule.metadata.namespace}.${rule.metadata.name}.yaml`,
        stringify(localRules(rule)),
      ]),
    );
    let changed = false;
    for (const name of fs.readdirSync(this.#files.rules)) {
      if (!wanted.has(name)) {
        fs.rmSync(path.join(this.#files.rules, name));
        changed = true;
      }
    }
    for (const [name, text] of wanted) {
      changed = replace(path.join(this.#files.rules, name), text) || changed;
    }
    return changed;
  }

  async #followRepository(): Promise<void> {
    const { repository } = this.#options;
    const values =
      repository &&
      (await readMonitoringValues(repository, this.#abort.signal));
    if (replace(this.#files.alertmanagerConfig, this.#routes(values))) {
      await this.#options.reload('alertmanager');
    }
  }

  #routes(values: string | undefined): string {
    return stringify(
      alertmanagerConfig(values, {
        webhookUrl: this.#options.webhookUrl,
        tokenFile: this.#files.alertsToken,
      }),
    );
  }

  /** What fails twice is said once; the API server is busy now and then, and the next round tries again. */
  async #try(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failed.delete(what);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#abort.signal.aborted) {
        return;
      }
      const before = this.#failed.get(what);
      const isSame = before?.message === message;
      if (isSame && !before.isTold) {
        this.#options.tell(`Monitoring, ${what}: ${message}`);
      }
      this.#failed.set(what, { message, isTold: isSame });
    }
  }
}

/** @returns whether the file was another one. */
function replace(file: string, text: string): boolean {
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) {
    return false;
  }
  writeAtomically(file, text, 0o600);
  return true;
}
