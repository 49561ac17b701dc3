// SPDX-License-Identifier: Apache-2.0
/* eslint-disable no-restricted-imports -- what tests of other packages share */
export { ensurePythonEnvironment } from './ensurePythonEnvironment';
export type { PythonEnvironment } from './ensurePythonEnvironment';
export type {
  RepositoryUnderTest,
  RunJson,
} from '../runner/__testUtils__/RepositoryUnderTest';
export { RunnerUnderTest } from '../runner/__testUtils__/RunnerUnderTest';
