export { getPythonEnvironment } from './getPythonEnvironment';
export { startForge } from './startForge';
export type { StartForgeOptions, TestForge } from './startForge';
export { startMlflow } from './startMlflow';
export type { StartMlflowOptions, TestMlflow } from './startMlflow';
