// SPDX-License-Identifier: Apache-2.0
export { findFreePort } from '../../bootstrap/ports.mjs';
export { getPythonEnvironment } from './getPythonEnvironment';
export { getClusterBinaries, startCluster } from './startCluster';
export type { StartClusterOptions, TestCluster } from './startCluster';
export { buildMonitoringPrograms } from './monitoringPrograms';
export { startForge } from './startForge';
export type { StartForgeOptions, TestForge } from './startForge';
export { startHttpServer, sendJson } from './startHttpServer';
export type { ReceivedRequest } from './startHttpServer';
export { startRegistry } from './startRegistry';
export type { TestRegistry } from './startRegistry';
export { startMlflow } from './startMlflow';
export type { StartMlflowOptions, TestMlflow } from './startMlflow';
