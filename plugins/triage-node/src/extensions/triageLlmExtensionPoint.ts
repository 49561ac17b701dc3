// SPDX-License-Identifier: Apache-2.0
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { LlmClient } from '@greenroom/triage-engine';

/**
 * Where a module gives triage its model.
 *
 * @public
 */
export interface TriageLlmExtensionPoint {
  /**
   * At most one client; without one, reports are made without AI.
   *
   * @throws Error when another module has set one already
   */
  setLlmClient(client: LlmClient): void;
}

/** @public */
export const triageLlmExtensionPoint =
  createExtensionPoint<TriageLlmExtensionPoint>({ id: 'triage.llm' });
