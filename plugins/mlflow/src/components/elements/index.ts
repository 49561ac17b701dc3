// SPDX-License-Identifier: Apache-2.0
export { CommitLink } from './CommitLink';
export { ExternalLink } from './ExternalLink';
export { GateLabel } from './GateLabel';
export { Name } from './Name';
export { OpenInMlflow } from './OpenInMlflow';
export { RelativeTime } from './RelativeTime';
export { RunStatusLabel } from './RunStatusLabel';
export { StatusLabel } from './StatusLabel';
export { StatusIcon } from './StatusIcon';
export type { Status } from './StatusIcon';
