// SPDX-License-Identifier: Apache-2.0

/**
 * Entity-scoped MLflow API for Backstage.
 *
 * @packageDocumentation
 */
export { mlflowPlugin as default } from './plugin';
