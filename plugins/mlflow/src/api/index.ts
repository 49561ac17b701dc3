export { DefaultMlflowApi } from './DefaultMlflowApi';
export { isUnknown } from './isUnknown';
export { mlflowApiRef } from './MlflowApi';
export type { MlflowApi, MlflowRequestOptions } from './MlflowApi';
