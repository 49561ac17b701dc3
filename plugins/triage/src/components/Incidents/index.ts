// SPDX-License-Identifier: Apache-2.0
export { IncidentRow, isRunning } from './IncidentRow';
export { Incidents } from './Incidents';
