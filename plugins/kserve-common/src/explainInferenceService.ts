// SPDX-License-Identifier: Apache-2.0
import type { KserveExplanation, KubernetesObject } from './types';

/**
 * What is known of an inference service: the objects of its namespace as far
 * as they are known, and its logs.
 *
 * @public
 */
export interface KserveMaterial {
  objects: readonly KubernetesObject[];
  subject: { namespace: string; name: string };
  /** Text by `POD_CONTAINER`. */
  logs?: Readonly<Record<string, string>>;
  /** ms since 1970. */
  now: number;
}

/**
 * Says how an inference service is and why, from objects and logs alone.
 *
 * @public
 */
export function explainInferenceService(
  _material: KserveMaterial,
): KserveExplanation {
  return {
    state: 'unknown',
    sentence: 'Nothing is known of it.',
    reasons: [],
    evidence: [],
    next: '',
    traffic: null,
  };
}
