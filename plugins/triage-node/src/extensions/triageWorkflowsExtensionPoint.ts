// SPDX-License-Identifier: Apache-2.0
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { WorkflowDispatcher } from '../workflows';

/**
 * Where a module lets triage start workflows: an analysis of drift, a training.
 *
 * @public
 */
export interface TriageWorkflowsExtensionPoint {
  /** @throws Error when another module has set one already */
  setDispatcher(dispatcher: WorkflowDispatcher): void;
}

/** @public */
export const triageWorkflowsExtensionPoint =
  createExtensionPoint<TriageWorkflowsExtensionPoint>({
    id: 'triage.workflows',
  });
