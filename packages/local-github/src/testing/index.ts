// SPDX-License-Identifier: Apache-2.0
export { ensurePythonEnvironment } from './ensurePythonEnvironment';
export type { PythonEnvironment } from './ensurePythonEnvironment';
