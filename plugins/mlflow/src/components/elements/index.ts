export { CommitLink } from './CommitLink';
export { ExternalLink } from './ExternalLink';
export { GateLabel } from './GateLabel';
export { RelativeTime } from './RelativeTime';
export { RunStatusLabel } from './RunStatusLabel';
export { StatusLabel } from './StatusLabel';
export { StatusIcon } from './StatusIcon';
export type { Status } from './StatusIcon';
