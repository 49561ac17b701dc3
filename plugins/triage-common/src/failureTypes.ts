// SPDX-License-Identifier: Apache-2.0

/**
 * Why a pipeline failed, as the rules of the engine name it. A language model
 * never chooses among these.
 *
 * `build` is a failed compilation or packaging; `scan-config` of Trivy counts as
 * `manifest`. `credentials`: a service refuses who asks, or nothing was there to ask
 * with. `configuration`: the workflow or a tool is set up in a way that cannot work.
 * `infrastructure` is what nobody's commit or setting caused.
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
  'credentials',
  'configuration',
  'infrastructure',
  'flaky',
  'timeout',
  'cancelled',
  'unknown',
] as const;

/** @public */
export type FailureType = (typeof FAILURE_TYPES)[number];
