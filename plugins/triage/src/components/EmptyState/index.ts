// SPDX-License-Identifier: Apache-2.0
export { EmptyState, FailedState } from './EmptyState';
export { StaleAlert } from './StaleAlert';
