// SPDX-License-Identifier: Apache-2.0

/**
 * Reports of triage as Slack messages.
 *
 * @packageDocumentation
 */
export { triageModuleSlack as default } from './module';
