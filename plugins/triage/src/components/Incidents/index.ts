// SPDX-License-Identifier: Apache-2.0
export { isRunning } from './IncidentRow';
export { Incidents } from './Incidents';
