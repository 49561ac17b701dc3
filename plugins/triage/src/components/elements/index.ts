// SPDX-License-Identifier: Apache-2.0
export { Code } from './Code';
export { CopyButton } from './CopyButton';
export { ExternalLink } from './ExternalLink';
export { Name } from './Name';
export { RelativeTime } from './RelativeTime';
export { StateLabel } from './StateLabel';
export type { Status } from './StatusIcon';
export { StatusLabel } from './StatusLabel';
export { Table } from './Table';
