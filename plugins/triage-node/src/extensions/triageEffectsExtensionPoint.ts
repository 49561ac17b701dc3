// SPDX-License-Identifier: Apache-2.0
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { TriageEffect } from '../effects';

/** Where a module adds a place that reports go to. @public */
export interface TriageEffectsExtensionPoint {
  /** @throws Error when there is one of the same kind already */
  addEffect(effect: TriageEffect): void;
}

/** @public */
export const triageEffectsExtensionPoint =
  createExtensionPoint<TriageEffectsExtensionPoint>({ id: 'triage.effects' });
