// SPDX-License-Identifier: Apache-2.0

/**
 * Scaffolder actions for machine-learning components.
 *
 * @packageDocumentation
 */
export { scaffolderModuleMl as default } from './module';
