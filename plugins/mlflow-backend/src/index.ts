/**
 * Entity-scoped MLflow API for Backstage.
 *
 * @packageDocumentation
 */
export { mlflowPlugin as default } from './plugin';
