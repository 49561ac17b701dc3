// SPDX-License-Identifier: Apache-2.0

/**
 * Why pipelines failed, on the portal's pages: the Triage tab and card of entity
 * pages, and the Inbox.
 *
 * @packageDocumentation
 */
export { default } from './plugin';
export { triageApiRef } from './api';
export type { TriageApi, TriageRequestOptions } from './api';
