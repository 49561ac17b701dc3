// SPDX-License-Identifier: Apache-2.0

/**
 * Tags in MLflow. `component`, on experiments and registered models, says whose
 * they are: a catalog entity's ref, or several separated by commas. The others,
 * on runs and model versions, link them to the hops of the release chain before
 * and after them. The `mlflow.*` tags are MLflow's own
 * (https://mlflow.org/docs/latest/ml/tracking/tracking-api/#system-tags); the
 * `greenroom.*` tags are written by the pipeline of the model-service template.
 *
 * @public
 */
export const MLFLOW_TAGS = {
  runName: 'mlflow.runName',
  parentRunId: 'mlflow.parentRunId',
  user: 'mlflow.user',
  sourceName: 'mlflow.source.name',
  gitCommit: 'mlflow.source.git.commit',
  gitBranch: 'mlflow.source.git.branch',
  gitRepoUrl: 'mlflow.source.git.repoURL',
  ciRunId: 'greenroom.ci.run_id',
  ciRunAttempt: 'greenroom.ci.run_attempt',
  ciRunUrl: 'greenroom.ci.run_url',
  ciWorkflow: 'greenroom.ci.workflow',
  gateMetric: 'greenroom.gate.metric',
  gateDirection: 'greenroom.gate.direction',
  gateThreshold: 'greenroom.gate.threshold',
  gateValue: 'greenroom.gate.value',
  gateLow: 'greenroom.gate.low',
  gateHigh: 'greenroom.gate.high',
  gateConstant: 'greenroom.gate.constant',
  gateLinear: 'greenroom.gate.linear',
  gateOutcome: 'greenroom.gate.outcome',
  gateReason: 'greenroom.gate.reason',
  gatePassed: 'greenroom.gate.passed',
  gateChampionVersion: 'greenroom.gate.champion_version',
  gateChampionValue: 'greenroom.gate.champion_value',
  gateCandidateValue: 'greenroom.gate.candidate_value',
  driftVerdict: 'greenroom.drift.verdict',
  driftReason: 'greenroom.drift.reason',
  driftModel: 'greenroom.drift.model',
  driftModelVersion: 'greenroom.drift.model_version',
  driftRetrain: 'greenroom.drift.retrain',
  versionGitSha: 'greenroom.git.sha',
  versionImageDigest: 'greenroom.image.digest',
  versionTemplateVersion: 'greenroom.template.version',
  component: 'greenroom.component',
} as const;
