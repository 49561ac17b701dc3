// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  MLFLOW_DRIFT_VERDICTS,
  MLFLOW_TAGS,
  getMlflowDriftExperiment,
  type MlflowDriftAnalysis,
  type MlflowDriftReport,
  type MlflowDriftResponse,
} from '@greenroom/plugin-mlflow-common';
import {
  readMlflowDriftReport,
  type MlflowInstance,
  type MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { removeUrlCredentials, toRunUrl } from './links';
import type { MlflowAccess } from './MlflowAccess';
import { resolveExperiments } from './resolveExperiments';
import { resolveTargets, type MlflowTarget } from './resolveTargets';
import { toResourceLabel } from './toResourceLabel';
import { UpstreamReport } from './UpstreamReport';

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_ANALYSES = 100;
const MAX_REASON = 1_000;
const REPORT = 'drift.json';

interface Analysis {
  target: MlflowTarget;
  run: MlflowRunInfo;
  analysis: MlflowDriftAnalysis;
}

function toAnalysis(
  instance: MlflowInstance,
  run: MlflowRunInfo,
): MlflowDriftAnalysis | undefined {
  const { tags } = run;
  const verdict = MLFLOW_DRIFT_VERDICTS.find(
    each => each === tags[MLFLOW_TAGS.driftVerdict],
  );
  return (
    verdict && {
      instance: instance.name,
      runId: run.runId,
      url: toRunUrl(instance, run),
      at: run.endTime ?? run.startTime,
      verdict,
      reason: removeUrlCredentials(
        (tags[MLFLOW_TAGS.driftReason] ?? '').slice(0, MAX_REASON),
      ),
      modelVersion: tags[MLFLOW_TAGS.driftModelVersion],
    }
  );
}

/** What the analyses of drift said of an entity's model. */
export class DriftService {
  readonly #reader: CachedMlflowReader;

  constructor(reader: CachedMlflowReader) {
    this.#reader = reader;
  }

  /** The newest analysis with its proof, and the verdicts of the last 30 days. */
  async get(
    entity: Entity,
    access: MlflowAccess,
  ): Promise<MlflowDriftResponse> {
    const { errors, targets } = resolveTargets(entity, this.#reader.instances);
    const report = new UpstreamReport();
    report.include({ errors });
    const parts = await Promise.all(
      targets.map(target => this.#readTarget(target, access, report)),
    );
    const all = parts
      .flat()
      .sort((a, b) => (a.analysis.at ?? 0) - (b.analysis.at ?? 0));
    const newest = all.at(-1);
    return {
      latest: newest && (await this.#describe(newest, report)),
      course: all.map(({ analysis }) => analysis).slice(-MAX_ANALYSES),
      ...report.toJSON(),
    };
  }

  async #readTarget(
    target: MlflowTarget,
    access: MlflowAccess,
    report: UpstreamReport,
  ): Promise<Analysis[]> {
    const { name: instance } = target.instance;
    const { names } = await resolveExperiments(
      this.#reader,
      target,
      access,
      report,
    );
    const ids = await Promise.all(
      [...names.values()].map(name =>
        this.#findExperiment(instance, name, access, report),
      ),
    );
    const experimentIds = ids.flatMap(id => id ?? []).sort();
    if (experimentIds.length === 0) {
      return [];
    }
    // By the hour, so that viewers share one search.
    const since =
      Math.floor(Date.now() / 3_600_000) * 3_600_000 - DAYS * DAY_MS;
    const { value: page } = await report.takePage(
      this.#reader.searchRuns(instance, {
        experimentIds,
        filter: `attributes.start_time >= ${since} AND attributes.status = 'FINISHED'`,
        orderBy: ['attributes.start_time DESC'],
        maxResults: MAX_ANALYSES,
      }),
      { instance, noun: 'runs' },
    );
    return (page?.items ?? []).flatMap(run => {
      const analysis = toAnalysis(target.instance, run);
      return analysis ? [{ target, run, analysis }] : [];
    });
  }

  /** That there is none is what most models have. */
  async #findExperiment(
    instance: string,
    training: string,
    access: MlflowAccess,
    report: UpstreamReport,
  ): Promise<string | undefined> {
    const name = getMlflowDriftExperiment(training);
    const { value: experiment } = await report.take(
      this.#reader.experimentByName(instance, name),
    );
    if (experiment?.lifecycleStage !== 'active') {
      return undefined;
    }
    const refusal = await access.check({
      instance,
      label: toResourceLabel('experiment', name),
      tags: experiment.tags,
    });
    if (refusal) {
      report.add(refusal);
      return undefined;
    }
    return experiment.experimentId;
  }

  async #describe(
    { target, run, analysis }: Analysis,
    report: UpstreamReport,
  ): Promise<MlflowDriftReport> {
    const { name: instance } = target.instance;
    const { value } = await report.take(
      this.#reader.runJson(instance, run.runId, REPORT),
    );
    const { error, ...details } = readMlflowDriftReport(value);
    if (error) {
      report.add({
        instance,
        code: 'UNREADABLE_ITEMS',
        message: `${REPORT} of the run '${run.runId}' cannot be read (${error})`,
        retryable: false,
      });
    }
    return { ...analysis, ...details };
  }
}
