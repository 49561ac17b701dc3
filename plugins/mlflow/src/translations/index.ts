/**
 * Messages of the MLflow plugin, to translate or override.
 *
 * @packageDocumentation
 */
export { mlflowTranslationRef } from './ref';
