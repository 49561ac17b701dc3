export { DefaultMlflowApi } from './DefaultMlflowApi';
export { mlflowApiRef } from './MlflowApi';
export type { MlflowApi, MlflowRequestOptions } from './MlflowApi';
