export { EmptyState } from './EmptyState';
export type { EmptyStateProps } from './EmptyState';
export { getFailureReason } from './getFailureReason';
