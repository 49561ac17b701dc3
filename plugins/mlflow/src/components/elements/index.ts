export { CommitLink } from './CommitLink';
export { ExternalLink } from './ExternalLink';
export { GateLabel } from './GateLabel';
export { RelativeTime } from './RelativeTime';
export { RunStatusLabel } from './RunStatusLabel';
export { StatusLabel } from './StatusLabel';
export type { Status } from './StatusLabel';
