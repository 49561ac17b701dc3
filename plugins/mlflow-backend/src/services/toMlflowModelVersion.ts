// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowModelVersion,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowInstance,
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
} from '@greenroom/plugin-mlflow-node';
import {
  removeUrlCredentials,
  toModelVersionUrl,
  toRegisteredModelUrl,
} from './links';
import { cleanTexts } from './toMlflowRun';

/**
 * The aliases of a version. MLflow answers them with the registered model, and
 * not with the versions that a search finds.
 */
export function getAliases(
  model: MlflowRegisteredModelInfo | undefined,
  version: MlflowModelVersionInfo,
): string[] {
  return model
    ? model.aliases
        .filter(alias => alias.version === version.version)
        .map(({ alias }) => alias)
    : version.aliases;
}

/** A model version of MLflow's REST API as the portal shows it. */
export function toMlflowModelVersion(
  instance: MlflowInstance,
  version: MlflowModelVersionInfo,
  context: {
    aliases: string[];
    run?: MlflowRun;
    runMissing?: MlflowModelVersion['runMissing'];
  },
): MlflowModelVersion {
  // A prompt's page shows all its versions.
  const isPrompt = version.tags['mlflow.prompt.is_prompt'] === 'true';
  return {
    instance: instance.name,
    name: version.name,
    version: version.version,
    status: version.status,
    statusMessage:
      version.statusMessage && removeUrlCredentials(version.statusMessage),
    aliases: context.aliases,
    stage: version.stage,
    description: version.description,
    creationTime: version.creationTime,
    lastUpdatedTime: version.lastUpdatedTime,
    user: version.userId ?? context.run?.user,
    runId: version.runId,
    run: context.run,
    runMissing: context.runMissing,
    tags: cleanTexts(version.tags),
    url: isPrompt
      ? toRegisteredModelUrl(instance, version.name, { isPrompt })
      : toModelVersionUrl(instance, version),
  };
}
