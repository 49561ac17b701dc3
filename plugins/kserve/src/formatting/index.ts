// SPDX-License-Identifier: Apache-2.0
export { formatBytes, formatPercent } from './numbers';
export { toPlainText } from './toPlainText';
