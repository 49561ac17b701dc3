// SPDX-License-Identifier: Apache-2.0
export { FailedState } from './FailedState';
export { StaleAlert } from './StaleAlert';
