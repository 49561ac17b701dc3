// SPDX-License-Identifier: Apache-2.0
export { formatEntityName } from './entities';
export { shortenCommit, toSafeUrl } from './links';
export { formatMoney, formatNumber, formatPercent } from './numbers';
export { formatDuration, formatExactTime, formatRelativeTime } from './times';
export { toVisibleText } from './toVisibleText';
