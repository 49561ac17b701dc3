// SPDX-License-Identifier: Apache-2.0

/**
 * Asks a Prometheus over its HTTP API.
 *
 * @packageDocumentation
 */
export {
  Prometheus,
  type PrometheusRule,
  type PrometheusSample,
  type PrometheusSeries,
} from './Prometheus';
export { PrometheusError } from './PrometheusError';
export type { PrometheusServer } from './PrometheusServer';
