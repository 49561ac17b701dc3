// SPDX-License-Identifier: Apache-2.0
export { shortenCommit, toSafeUrl } from './links';
export {
  formatAge,
  formatDuration,
  formatExactTime,
  formatRelativeTime,
  formatSince,
} from './times';
export { toVisibleText } from './toVisibleText';
