// SPDX-License-Identifier: Apache-2.0
export { formatBytes, formatPercent } from './numbers';
export { formatWindow } from './formatWindow';
export { toPlainText } from './toPlainText';
