// SPDX-License-Identifier: Apache-2.0
export { CopyButton } from './CopyButton';
export { ExternalLink } from './ExternalLink';
export { ModelVersion } from './ModelVersion';
export { Name } from './Name';
export { Quote } from './Quote';
export { RelativeTime } from './RelativeTime';
export { StateLabel } from './StateLabel';
export { StatusIcon } from './StatusIcon';
export type { Status } from './StatusIcon';
export { StatusLabel } from './StatusLabel';
