// SPDX-License-Identifier: Apache-2.0
export { CopyableLine } from './CopyableLine';
export { CopyButton } from './CopyButton';
export { DashboardLink } from './DashboardLink';
export { EmptyState } from './EmptyState';
export { ExternalLink } from './ExternalLink';
export { Name } from './Name';
export { RelativeTime } from './RelativeTime';
export { Section } from './Section';
export { StatusIcon, type Status } from './StatusIcon';
export { StatusLabel } from './StatusLabel';
