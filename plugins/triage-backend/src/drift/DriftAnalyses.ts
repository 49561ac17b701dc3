// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  getMlflowDriftExperiment,
  getMlflowReferences,
  MLFLOW_DRIFT_VERDICTS,
  MLFLOW_TAGS,
  readMlflowMark,
  type MlflowDriftReport,
  type MlflowDriftVerdict,
} from '@greenroom/plugin-mlflow-common';
import {
  quoteMlflowFilterValue,
  readMlflowDriftReport,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import type { CatalogRepositories } from '../services/CatalogRepositories';

/** What one run of the workflow concluded, as MLflow has it. */
export type DriftAnalysis = Pick<
  MlflowDriftReport,
  'features' | 'windows' | 'inputs'
> & {
  verdict: MlflowDriftVerdict;
  reason: string;
  /** The registered model. */
  model: string;
  modelVersion?: string;
  /** What the owner's config.yaml says of retraining. */
  ownerAllows: boolean;
};

/** Reads from MLflow what a workflow run concluded of drift. */
export class DriftAnalyses {
  readonly #catalog: CatalogRepositories;
  readonly #mlflow: MlflowService;

  constructor(options: {
    catalog: CatalogRepositories;
    mlflow: MlflowService;
  }) {
    this.#catalog = options.catalog;
    this.#mlflow = options.mlflow;
  }

  /**
   * @returns undefined where the run left no analysis in an experiment of the entity
   * @throws MlflowClientError
   */
  async find(
    entityRef: string,
    run: PipelineRun,
    options: { signal: AbortSignal },
  ): Promise<DriftAnalysis | undefined> {
    const mlflow = this.#mlflow;
    const entity = await this.#catalog.findEntity(entityRef);
    if (!entity || mlflow.instances.length === 0) {
      return undefined;
    }
    const { experiments } = getMlflowReferences(entity, {
      instances: mlflow.instances.map(({ name }) => name),
    });
    for (const { instance, name } of experiments) {
      const client = mlflow.getClient(instance);
      const experiment = await client.getExperimentByName(
        getMlflowDriftExperiment(name),
        options,
      );
      // Anyone may write annotations: the mark in MLflow says whose it is.
      const isOwn =
        experiment &&
        readMlflowMark(experiment.tags)?.includes(stringifyEntityRef(entity));
      if (!isOwn) {
        continue;
      }
      const { items } = await client.searchRuns(
        {
          experimentIds: [experiment.experimentId],
          filter: `tags.\`${MLFLOW_TAGS.ciRunId}\` = ${quoteMlflowFilterValue(run.runId)}`,
          orderBy: ['attributes.start_time DESC'],
          maxResults: 1,
        },
        options,
      );
      const [found] = items;
      const verdict = MLFLOW_DRIFT_VERDICTS.find(
        each => each === found?.tags[MLFLOW_TAGS.driftVerdict],
      );
      if (!verdict) {
        continue;
      }
      const { tags } = found;
      const { features, inputs, windows } = readMlflowDriftReport(
        await client.getRunJson(
          { runId: found.runId, path: 'drift.json' },
          options,
        ),
      );
      return {
        verdict,
        reason: tags[MLFLOW_TAGS.driftReason] ?? '',
        model: tags[MLFLOW_TAGS.driftModel] ?? name,
        modelVersion: tags[MLFLOW_TAGS.driftModelVersion],
        ownerAllows: tags[MLFLOW_TAGS.driftRetrain] === 'true',
        features,
        inputs,
        windows,
      };
    }
    return undefined;
  }
}
