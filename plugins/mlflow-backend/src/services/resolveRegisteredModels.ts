// SPDX-License-Identifier: Apache-2.0
import type { MlflowRegisteredModelSummary } from '@greenroom/plugin-mlflow-common';
import type { MlflowRegisteredModelInfo } from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { toRegisteredModelUrl } from './links';
import type { MlflowAccess } from './MlflowAccess';
import type { MlflowTarget } from './resolveTargets';
import { toMissingError } from './toMissingError';
import { toResourceLabel } from './toResourceLabel';
import type { UpstreamReport } from './UpstreamReport';

// https://mlflow.org/docs/latest/genai/prompt-registry/
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/** What an entity's registered models on one instance are. */
export interface ResolvedRegisteredModels {
  /** Those whose versions may be read, with their aliases. */
  models: MlflowRegisteredModelInfo[];
  /** All that the entity names, each with its state. */
  registeredModels: MlflowRegisteredModelSummary[];
}

/**
 * Looks a target's registered models up. One that is missing, or of a component
 * that the caller may not see, is reported.
 */
export async function resolveRegisteredModels(
  reader: CachedMlflowReader,
  target: MlflowTarget,
  access: MlflowAccess,
  report: UpstreamReport,
): Promise<ResolvedRegisteredModels> {
  const { name: instance } = target.instance;
  const models: MlflowRegisteredModelInfo[] = [];
  const registeredModels = await Promise.all(
    target.registeredModels.map(
      async (name): Promise<MlflowRegisteredModelSummary> => {
        const label = toResourceLabel('registered model', name);
        const answer = reader.registeredModel(instance, name);
        const { known } = await answer;
        const { value: model } = await report.take(answer);
        if (!known) {
          return { instance, name, state: 'unknown' };
        }
        if (!model) {
          const { instances } = reader;
          report.add(toMissingError({ label, name, instance, instances }));
          return { instance, name, state: 'missing' };
        }
        const { tags } = model;
        const refusal = await access.check({ instance, label, tags });
        if (refusal) {
          report.add(refusal);
          return { instance, name, state: 'not-allowed' };
        }
        models.push(model);
        const isPrompt = tags[PROMPT_TAG]?.toLowerCase() === 'true';
        return {
          instance,
          name: model.name,
          state: 'registered',
          isPrompt: isPrompt || undefined,
          url: toRegisteredModelUrl(target.instance, model.name, { isPrompt }),
        };
      },
    ),
  );
  return { models, registeredModels };
}
