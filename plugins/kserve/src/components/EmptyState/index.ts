// SPDX-License-Identifier: Apache-2.0
export { EmptyState } from './EmptyState';
export type { EmptyStateProps } from './EmptyState';
export { NothingServed } from './NothingServed';
