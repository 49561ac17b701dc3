// SPDX-License-Identifier: Apache-2.0

/**
 * Why a pipeline failed or an alert fired, as the rules of the engine name it. A
 * language model never chooses among these.
 *
 * `build` is a failed compilation or packaging; `scan-config` of Trivy counts as
 * `manifest`. `credentials`: a service refuses who asks, or nothing was there to ask
 * with. `configuration`: the workflow or a tool is set up in a way that cannot work.
 * `infrastructure` is what nobody's commit or setting caused.
 *
 * From `latency` on they are of what serves: `upstream` is a service that the model
 * asks, `model-input` a request that the model cannot take, `model-version` the wrong
 * one being served. `false-alarm`: the alert fires and nothing is affected.
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
  'latency',
  'errors',
  'crash-loop',
  'probe',
  'scheduling',
  'scaling',
  'rollout',
  'throttling',
  'network',
  'certificate',
  'disk-full',
  'hardware',
  'upstream',
  'model-loading',
  'model-input',
  'model-version',
  'drift',
  'false-alarm',
  'unknown',
] as const;

/** @public */
export type FailureType = (typeof FAILURE_TYPES)[number];
