// SPDX-License-Identifier: Apache-2.0

/**
 * MLflow runs and model versions on the portal's pages.
 *
 * @packageDocumentation
 */
export { default } from './plugin';
export { mlflowApiRef } from './api';
export type { MlflowApi, MlflowRequestOptions } from './api';
