// SPDX-License-Identifier: Apache-2.0

/**
 * API servers of the configured clusters, their service ref, and their Prometheus, for
 * Backstage backends.
 *
 * @packageDocumentation
 */
export { ApiServer, readBytes, type ApiServerRequest } from './ApiServer';
export { ApiServerError } from './ApiServerError';
export {
  createKserveClusters,
  kserveClustersServiceRef,
  type KserveCluster,
  type KserveClustersService,
} from './kserveClustersServiceRef';
export { COMPONENT_LABELS, LLM_SELECTOR, SERVICE_LABEL } from './labels';
export { COMPONENT_ANNOTATION, readComponentMark } from './readComponentMark';
export type { CredentialReader } from './readCredential';
export { readPrometheusServers } from './readPrometheusServers';
