// SPDX-License-Identifier: Apache-2.0

/**
 * Names the inference services of an entity: `[cluster:]namespace/name`, several
 * separated by commas.
 *
 * @public
 */
export const KSERVE_INFERENCE_SERVICE_ANNOTATION =
  'serving.kserve.io/inferenceservice';
