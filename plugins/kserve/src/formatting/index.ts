// SPDX-License-Identifier: Apache-2.0
export { shortenCommit, toSafeUrl } from './links';
export { formatBytes, formatPercent } from './numbers';
export {
  formatDuration,
  formatExactTime,
  formatRelativeTime,
  formatSince,
} from './times';
export { toPlainText } from './toPlainText';
