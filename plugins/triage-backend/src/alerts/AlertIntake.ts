// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AlertStore, Recorded } from '../database/AlertStore';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { AlertmanagerBody } from './alertmanagerBody';
import { toNewAlerts } from './toNewAlerts';

const ATTEMPTS = 4;
const WAIT_MS = 100;

/** Records alerts before Alertmanager is told that they arrived. */
export class AlertIntake {
  readonly #options: {
    alerts: AlertStore;
    logger: LoggerService;
    signals: ChangeSignals;
    wake: () => void;
  };

  constructor(options: {
    alerts: AlertStore;
    logger: LoggerService;
    signals: ChangeSignals;
    wake: () => void;
  }) {
    this.#options = options;
  }

  /** @throws Error when the database does not take them */
  async receive(body: AlertmanagerBody): Promise<Recorded> {
    const { alerts, logger, signals, wake } = this.#options;
    const told = toNewAlerts(body);
    for (let attempt = 1; ; attempt++) {
      try {
        const recorded = await alerts.record(told);
        if (recorded.created.length + recorded.changed.length > 0) {
          signals.changedAny();
          wake();
        }
        return recorded;
      } catch (error) {
        if (attempt === ATTEMPTS) {
          throw error;
        }
        logger.warn(`Alerts are recorded again: ${error}`);
        await new Promise(resolve => setTimeout(resolve, WAIT_MS * attempt));
      }
    }
  }
}
