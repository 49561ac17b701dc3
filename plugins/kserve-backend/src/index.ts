// SPDX-License-Identifier: Apache-2.0

/**
 * Entity-scoped KServe API for Backstage.
 *
 * @packageDocumentation
 */
export { kservePlugin as default } from './plugin';
