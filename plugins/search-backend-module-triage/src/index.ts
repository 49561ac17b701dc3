// SPDX-License-Identifier: Apache-2.0

/**
 * Reports of triage in the search of the portal.
 *
 * @packageDocumentation
 */
export { searchModuleTriageCollator as default } from './module';
