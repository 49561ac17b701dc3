// SPDX-License-Identifier: Apache-2.0
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { PipelineSource } from '../pipelines';

/** Where a module adds a system whose failed pipelines are explained. @public */
export interface TriagePipelinesExtensionPoint {
  /** @throws Error when there is one of the same id already */
  addPipelineSource(source: PipelineSource): void;
}

/** @public */
export const triagePipelinesExtensionPoint =
  createExtensionPoint<TriagePipelinesExtensionPoint>({
    id: 'triage.pipelines',
  });
