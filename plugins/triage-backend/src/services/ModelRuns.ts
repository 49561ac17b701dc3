// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  getMlflowReferences,
  MLFLOW_TAGS,
  readMlflowGate,
  readMlflowMark,
} from '@greenroom/plugin-mlflow-common';
import {
  quoteMlflowFilterValue,
  type MlflowClient,
  type MlflowRunInfo,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import type { Change } from '@greenroom/plugin-triage-common';
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import type {
  CompareInput,
  ModelRunSnapshot,
  ReportFile,
} from '@greenroom/triage-engine';
import type { DescribeError } from '../work/Worker';
import type { CatalogRepositories } from './CatalogRepositories';

const TIMEOUT_MS = 3_000;
const CHAMPION = 'champion';

/** What a report compares of models, or why there is nothing. */
export type ModelComparison = Pick<
  CompareInput,
  'candidate' | 'champion' | 'missing'
> & {
  /** What the gate wrote on the run. */
  gate?: ReportFile;
};

/** The MLflow run that a failed pipeline made, and the champion's. */
export class ModelRuns {
  readonly #options: {
    catalog: CatalogRepositories;
    describeError: DescribeError;
    mlflow: MlflowService;
  };

  constructor(options: {
    catalog: CatalogRepositories;
    describeError: DescribeError;
    mlflow: MlflowService;
  }) {
    this.#options = options;
  }

  /**
   * Takes 3 s at most and never fails: what MLflow does not say is `missing`. Empty
   * where the entity names no experiment of a configured instance.
   */
  async compare(
    entityRef: string,
    run: PipelineRun,
    options: { signal: AbortSignal },
  ): Promise<ModelComparison> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = AbortSignal.any([options.signal, timeout]);
    try {
      const entity = await this.#options.catalog.findEntity(entityRef);
      return entity ? await this.#compare(entity, run, signal) : {};
    } catch (error) {
      return {
        missing: timeout.aborted
          ? `MLflow did not answer within ${TIMEOUT_MS / 1_000} s`
          : `MLflow does not say how the model compares: ${this.#options.describeError(error)}`,
      };
    }
  }

  /**
   * The champion that an entity serves, and what its gate measured against the one
   * before. Takes 3 s at most and never fails: nothing where MLflow does not say it.
   */
  async describeServed(
    entity: Entity,
    options: { signal: AbortSignal },
  ): Promise<Change[]> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = AbortSignal.any([options.signal, timeout]);
    try {
      return await this.#describeServed(entity, signal);
    } catch {
      options.signal.throwIfAborted();
      return [];
    }
  }

  async #describeServed(
    entity: Entity,
    signal: AbortSignal,
  ): Promise<Change[]> {
    const { mlflow } = this.#options;
    const { registeredModels } = getMlflowReferences(entity, {
      instances: mlflow.instances.map(({ name }) => name),
    });
    const [named] = registeredModels;
    if (mlflow.instances.length === 0 || !named) {
      return [];
    }
    const client = mlflow.getClient(named.instance);
    const model = await client.getRegisteredModel(named.name, { signal });
    const version = model?.aliases.find(
      ({ alias }) => alias === CHAMPION,
    )?.version;
    if (!model || !version || !isOf(stringifyEntityRef(entity), model.tags)) {
      return [];
    }
    const found = await client.getModelVersion(named.name, version, { signal });
    const run = found?.runId && (await client.getRun(found.runId, { signal }));
    const gate = run ? readMlflowGate(run.tags) : undefined;
    return [
      {
        kind: 'model-version',
        name: named.name,
        before: gate?.championVersion,
        after: version,
      },
      ...(gate
        ? [
            {
              kind: 'metric' as const,
              name: gate.metric,
              before: gate.championValue?.toString(),
              after: `${gate.value} (${gate.passed ? 'passed' : 'failed'} the gate of ${gate.threshold})`,
            },
          ]
        : []),
    ];
  }

  async #compare(
    entity: Entity,
    run: PipelineRun,
    signal: AbortSignal,
  ): Promise<ModelComparison> {
    const { mlflow } = this.#options;
    const { experiments, experimentIds, registeredModels } =
      getMlflowReferences(entity, {
        instances: mlflow.instances.map(({ name }) => name),
      });
    const [named] = [...experiments, ...experimentIds];
    if (mlflow.instances.length === 0 || !named) {
      return {};
    }
    const client = mlflow.getClient(named.instance);
    const entityRef = stringifyEntityRef(entity);
    const experiment = experiments.includes(named)
      ? await client.getExperimentByName(named.name, { signal })
      : await client.getExperiment(named.name, { signal });
    if (!experiment || !isOf(entityRef, experiment.tags)) {
      return {
        missing: `MLflow has no experiment '${named.name}' that is marked as this component's (tag ${MLFLOW_TAGS.component})`,
      };
    }
    const found = await findRun(client, experiment.experimentId, run, signal);
    if (!found) {
      return { missing: 'MLflow has no run of this pipeline or its commit' };
    }
    const candidate = toSnapshot(found);
    const gate = isBy(run, found) ? toGateReport(found) : undefined;
    const [model] = registeredModels;
    const champion =
      model &&
      (await findChampion(mlflow.getClient(model.instance), model.name, {
        candidate: found,
        entityRef,
        signal,
      }));
    return champion
      ? { candidate, champion, gate }
      : { candidate, gate, missing: 'MLflow has no champion to compare with' };
  }
}

/** Anyone may write annotations: the mark in MLflow says whose a thing is. */
function isOf(entityRef: string, tags: Record<string, string>): boolean {
  return readMlflowMark(tags)?.includes(entityRef) ?? false;
}

/** Another run of the same commit may have failed the gate. */
function isBy(run: PipelineRun, { tags }: MlflowRunInfo): boolean {
  const { ciRunId, ciRunAttempt } = MLFLOW_TAGS;
  return (
    tags[ciRunId] === run.runId &&
    (tags[ciRunAttempt] ?? `${run.runAttempt}`) === `${run.runAttempt}`
  );
}

/** In MLflow's own form, which the engine's parser reads. */
function toGateReport({ runId, tags }: MlflowRunInfo): ReportFile | undefined {
  const gate = readMlflowGate(tags);
  if (!gate) {
    return undefined;
  }
  // Python's str(False) is `False`.
  const plain = { ...tags, [MLFLOW_TAGS.gatePassed]: String(gate.passed) };
  return {
    source: `MLflow run ${runId}`,
    tool: 'gate',
    content: new TextEncoder().encode(JSON.stringify(plain)),
  };
}

/** That of the workflow run, else the newest of its commit. */
async function findRun(
  client: MlflowClient,
  experimentId: string,
  { runId, commit }: PipelineRun,
  signal: AbortSignal,
): Promise<MlflowRunInfo | undefined> {
  for (const [tag, value] of [
    [MLFLOW_TAGS.ciRunId, runId],
    [MLFLOW_TAGS.gitCommit, commit],
    [MLFLOW_TAGS.versionGitSha, commit],
  ]) {
    const { items } = await client.searchRuns(
      {
        experimentIds: [experimentId],
        filter: `tags.\`${tag}\` = ${quoteMlflowFilterValue(value)}`,
        orderBy: ['attributes.start_time DESC'],
        maxResults: 1,
        topLevel: true,
      },
      { signal },
    );
    if (items.length > 0) {
      return items[0];
    }
  }
  return undefined;
}

/** The run of the version that the gate judged against, else of today's champion. */
async function findChampion(
  client: MlflowClient,
  name: string,
  options: {
    candidate: MlflowRunInfo;
    entityRef: string;
    signal: AbortSignal;
  },
): Promise<ModelRunSnapshot | undefined> {
  const { candidate, entityRef, signal } = options;
  const model = await client.getRegisteredModel(name, { signal });
  const version =
    readMlflowGate(candidate.tags)?.championVersion ??
    model?.aliases.find(({ alias }) => alias === CHAMPION)?.version;
  if (!model || !version || !isOf(entityRef, model.tags)) {
    return undefined;
  }
  const found = await client.getModelVersion(name, version, { signal });
  if (!found?.runId || found.runId === candidate.runId) {
    return undefined;
  }
  const run = await client.getRun(found.runId, { signal });
  return run && { ...toSnapshot(run), version };
}

function toSnapshot(run: MlflowRunInfo): ModelRunSnapshot {
  const { datasets, metrics, params } = run;
  const data =
    datasets.find(({ context }) => context === 'training') ?? datasets[0];
  return {
    params,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [name, Number(value)]),
    ),
    dataDigest: data?.digest,
    libraries: {},
  };
}
