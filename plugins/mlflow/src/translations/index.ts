// SPDX-License-Identifier: Apache-2.0

/**
 * Messages of the MLflow plugin, to translate or override.
 *
 * @packageDocumentation
 */
export { mlflowTranslationRef } from './ref';
