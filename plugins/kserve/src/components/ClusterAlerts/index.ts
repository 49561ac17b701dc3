// SPDX-License-Identifier: Apache-2.0
export { BuildProgress } from './BuildProgress';
export { ClusterAlerts } from './ClusterAlerts';
