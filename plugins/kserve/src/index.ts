// SPDX-License-Identifier: Apache-2.0

/**
 * What KServe serves of a model, on the portal's pages.
 *
 * @packageDocumentation
 */
export { default } from './plugin';
export { kserveApiRef } from './api';
export type { KserveApi, KserveRequestOptions, KserveServiceRef } from './api';
