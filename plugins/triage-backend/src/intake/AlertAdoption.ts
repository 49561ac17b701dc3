// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import {
  analyzeAlertJob,
  toTurn,
  type AlertStore,
} from '../database/AlertStore';
import type { JobStore } from '../database/JobStore';
import type { AlertEntities } from '../evidence/AlertEntities';

const LOOKBACK_MS = 24 * 3_600_000;
const MAX_ALERTS = 500;

/** Finds entities that came into the catalog after their alerts. */
export class AlertAdoption {
  readonly #options: {
    alerts: AlertStore;
    entities: AlertEntities;
    jobs: JobStore;
    wake: () => void;
  };

  constructor(options: {
    alerts: AlertStore;
    entities: AlertEntities;
    jobs: JobStore;
    wake: () => void;
  }) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { alerts, entities, jobs, wake } = this.#options;
    const since = Date.now() - LOOKBACK_MS;
    entities.forget();
    for (const alert of await alerts.listUnmatched(since, MAX_ALERTS)) {
      signal.throwIfAborted();
      if (await entities.find(alert)) {
        const id = alert.incident_id;
        await jobs.replace({
          ...analyzeAlertJob(id, toTurn(alert.namespace)),
          key: `analyze:${id}:${randomUUID()}`,
        });
        await alerts.setMatched(id);
        wake();
      }
    }
  }
}
