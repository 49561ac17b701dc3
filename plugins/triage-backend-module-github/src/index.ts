// SPDX-License-Identifier: Apache-2.0

/**
 * GitHub for triage: failed workflow runs in; comments, issues and annotations out.
 *
 * @packageDocumentation
 */
export type { GithubClient } from './client/GithubClients';
export {
  renderAlertBody,
  renderEnded,
  saysEnded,
  type ShownAlert,
} from './effects/alertBodies';
export { renderRecovered, saysRecovered } from './effects/bodies';
export { isOwnReport, type MarkedBody } from './effects/findOwn';
export { Issues, type FoundIssue } from './effects/Issues';
export { triageModuleGithub as default } from './module';
export { collectEvidence } from './pipelines/collectEvidence';
export {
  toPipelineRun,
  workflowRunSchema,
  type WorkflowRun,
} from './pipelines/toPipelineRun';
