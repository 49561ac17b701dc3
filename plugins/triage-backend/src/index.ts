// SPDX-License-Identifier: Apache-2.0

/**
 * Takes failed pipelines in, explains them and answers what is known of them.
 *
 * @packageDocumentation
 */
export { triagePlugin as default } from './plugin';
