// SPDX-License-Identifier: Apache-2.0
export { AttentionList } from './AttentionList';
export type { AttentionRow } from './groupByReason';
