// SPDX-License-Identifier: Apache-2.0
export { DefaultKserveApi } from './DefaultKserveApi';
export { getErrorWords } from './getErrorWords';
export { getFailureReason } from './getFailureReason';
export type { FailureReason } from './getFailureReason';
export { kserveApiRef } from './KserveApi';
export type {
  KserveApi,
  KserveRequestOptions,
  KserveServiceRef,
} from './KserveApi';
