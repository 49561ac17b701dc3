// SPDX-License-Identifier: Apache-2.0

/**
 * Where modules extend triage in a Backstage backend.
 *
 * @packageDocumentation
 */
export * from './effects';
export {
  triageEffectsExtensionPoint,
  type TriageEffectsExtensionPoint,
} from './extensions/triageEffectsExtensionPoint';
export {
  triageIncidentReportsExtensionPoint,
  type TriageIncidentReportsExtensionPoint,
} from './extensions/triageIncidentReportsExtensionPoint';
export {
  triageLlmExtensionPoint,
  type TriageLlmExtensionPoint,
} from './extensions/triageLlmExtensionPoint';
export {
  triagePipelinesExtensionPoint,
  type TriagePipelinesExtensionPoint,
} from './extensions/triagePipelinesExtensionPoint';
export {
  triageRetrainingExtensionPoint,
  type TriageRetrainingExtensionPoint,
} from './extensions/triageRetrainingExtensionPoint';
export * from './incidentReports';
export * from './pipelines';
export * from './retraining';
export { RetryLaterError } from './RetryLaterError';
