// SPDX-License-Identifier: Apache-2.0
import {
  explainInferenceService,
  type KserveMaterial,
} from './explainInferenceService';
import type { KserveInferenceService } from './types';

/**
 * Makes what the page shows from the objects of a namespace; undefined when the
 * inference service itself is not among them.
 *
 * @public
 */
export function toInferenceService(
  material: KserveMaterial & { cluster: string },
): KserveInferenceService | undefined {
  const { cluster, subject } = material;
  return {
    cluster,
    ...subject,
    kind: 'InferenceService',
    explanation: explainInferenceService(material),
    traffic: { asked: null, routed: null, observed: null },
    conditions: [],
    canaries: [],
    components: [],
    pods: [],
    events: [],
    rollout: [],
  };
}
