/**
 * Scaffolder actions for machine-learning components.
 *
 * @packageDocumentation
 */
export { scaffolderModuleMl as default } from './module';
