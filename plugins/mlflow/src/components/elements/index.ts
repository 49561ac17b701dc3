// SPDX-License-Identifier: Apache-2.0
export { CommitLink } from './CommitLink';
export { GateLabel } from './GateLabel';
export { OpenInMlflow } from './OpenInMlflow';
export { RunStatusLabel } from './RunStatusLabel';
