// SPDX-License-Identifier: Apache-2.0

/**
 * Why a Prometheus gave no answer, in words that hold no address and no credential.
 *
 * @public
 */
export class PrometheusError extends Error {
  override name = 'PrometheusError';
}
