export { shortenCommit, toSafeUrl } from './links';
export { formatGate, formatMetric } from './numbers';
export {
  formatDuration,
  formatExactTime,
  formatRelativeTime,
  formatSince,
} from './times';
