// SPDX-License-Identifier: Apache-2.0

/**
 * GitHub for triage: failed workflow runs in; comments, issues and annotations out.
 *
 * @packageDocumentation
 */
export { triageModuleGithub as default } from './module';
