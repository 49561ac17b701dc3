// SPDX-License-Identifier: Apache-2.0
export { shortenCommit, toSafeUrl } from './links';
export { getRunName } from './names';
export { formatGate, formatMetric } from './numbers';
export {
  formatAge,
  formatDuration,
  formatExactTime,
  formatRelativeTime,
  formatSince,
} from './times';
