export { ensurePythonEnvironment } from './ensurePythonEnvironment';
export type { PythonEnvironment } from './ensurePythonEnvironment';
