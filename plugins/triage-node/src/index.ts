// SPDX-License-Identifier: Apache-2.0

/**
 * Where modules extend triage in a Backstage backend.
 *
 * @packageDocumentation
 */
export * from './effects';
export { collectAlertEvidence } from './evidence/collectAlertEvidence';
export {
  PrometheusEvidence,
  type Measured,
} from './evidence/PrometheusEvidence';
export { readAlertPlace } from './evidence/readAlertPlace';
export * from './evidence/types';
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
  triageWorkflowsExtensionPoint,
  type TriageWorkflowsExtensionPoint,
} from './extensions/triageWorkflowsExtensionPoint';
export * from './incidentReports';
export * from './pipelines';
export { RetryLaterError } from './RetryLaterError';
export * from './workflows';
