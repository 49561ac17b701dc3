// SPDX-License-Identifier: Apache-2.0

/**
 * Form fields of the scaffolder for machine-learning components.
 *
 * @packageDocumentation
 */
export { scaffolderModuleMl as default } from './module';
