// SPDX-License-Identifier: Apache-2.0
export { DefaultTriageApi } from './DefaultTriageApi';
export { getErrorWords } from './getErrorWords';
export { getFailureReason } from './getFailureReason';
export type { FailureReason } from './getFailureReason';
export { triageApiRef } from './TriageApi';
export type { TriageApi, TriageRequestOptions } from './TriageApi';
