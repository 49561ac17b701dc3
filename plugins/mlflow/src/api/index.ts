// SPDX-License-Identifier: Apache-2.0
export { DefaultMlflowApi } from './DefaultMlflowApi';
export { getFailureReason } from './getFailureReason';
export type { FailureReason } from './getFailureReason';
export { getPace } from './getPace';
export type { Pace } from './getPace';
export { isGated } from './isGated';
export { isUnknown } from './isUnknown';
export { mlflowApiRef } from './MlflowApi';
export type { MlflowApi, MlflowRequestOptions } from './MlflowApi';
