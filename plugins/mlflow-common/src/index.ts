// SPDX-License-Identifier: Apache-2.0

/**
 * MLflow's nouns, annotations, tags and permissions, for browser and Node.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './drift';
export * from './getMlflowAttention';
export * from './permissions';
export * from './readMlflowGate';
export * from './readMlflowMark';
export * from './references';
export * from './responses';
export * from './runProgress';
export * from './tags';
export * from './types';
