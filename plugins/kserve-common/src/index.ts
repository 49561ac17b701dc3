// SPDX-License-Identifier: Apache-2.0

/**
 * KServe's nouns, status in words, annotations and permissions, for browser and Node.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './explainInferenceService';
export * from './objectives';
export * from './permissions';
export * from './references';
export * from './responses';
export * from './toInferenceService';
export * from './toModelDashboardUrl';
export * from './types';
