// SPDX-License-Identifier: Apache-2.0
export { forgeAnswers, forgeProcess } from './forgeProcess';
export type { ForgeProcessOptions } from './forgeProcess';
export { findIsolationWarning } from './runner/findIsolationWarning';
export type { GithubAppOptions } from './runner/apps/GithubApps';
export type { LocalRegistryOptions } from './runner/images/LocalRegistry';
export { jobCacheDir } from './runner/execution/isolation/jobView';
