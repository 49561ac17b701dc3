// SPDX-License-Identifier: Apache-2.0

/**
 * Why a pipeline failed, as the rules of the engine name it. A model never
 * chooses among these.
 *
 * `build` is a failed compilation or packaging; `scan-config` of Trivy counts as
 * `manifest`.
 *
 * @public
 */
export const FAILURE_TYPES = [
  'lint',
  'build',
  'unit-test',
  'sast',
  'sca',
  'secret',
  'container-cve',
  'license',
  'training-error',
  'gate',
  'out-of-memory',
  'data-loading',
  'manifest',
  'argo-sync',
  'image-pull',
  'infrastructure',
  'flaky',
  'timeout',
  'cancelled',
  'unknown',
] as const;

/** @public */
export type FailureType = (typeof FAILURE_TYPES)[number];
