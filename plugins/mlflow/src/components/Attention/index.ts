export { AttentionList } from './AttentionList';
export type { AttentionRow } from './groupByReason';
