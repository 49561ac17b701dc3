// SPDX-License-Identifier: Apache-2.0
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { RetrainingDispatcher } from '../retraining';

/**
 * Where a module lets triage start a training.
 *
 * @public
 */
export interface TriageRetrainingExtensionPoint {
  /** @throws Error when another module has set one already */
  setDispatcher(dispatcher: RetrainingDispatcher): void;
}

/** @public */
export const triageRetrainingExtensionPoint =
  createExtensionPoint<TriageRetrainingExtensionPoint>({
    id: 'triage.retraining',
  });
