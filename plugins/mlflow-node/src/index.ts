// SPDX-License-Identifier: Apache-2.0

/**
 * MLflow client, instances and service ref for Backstage backends.
 *
 * @packageDocumentation
 */
export { authorizeMlflowRead } from './authorizeMlflowRead';
export { MlflowClient } from './MlflowClient';
export { MlflowClientError } from './MlflowClientError';
export {
  createMlflowService,
  mlflowServiceRef,
  type MlflowService,
} from './mlflowServiceRef';
export { quoteMlflowFilterValue } from './quoteMlflowFilterValue';
export { readMlflowDriftReport } from './readMlflowDriftReport';
export {
  readMlflowInstances,
  type MlflowInstance,
  type MlflowInstanceConfig,
} from './readMlflowInstances';
export { toMlflowPageUrl } from './toMlflowPageUrl';
export type {
  MlflowCallOptions,
  MlflowCount,
  MlflowExperimentInfo,
  MlflowIterateOptions,
  MlflowIterator,
  MlflowModelVersionInfo,
  MlflowPage,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
  MlflowRunSearchRequest,
  MlflowSearchRequest,
} from './types';
