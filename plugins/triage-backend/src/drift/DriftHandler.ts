// SPDX-License-Identifier: Apache-2.0
import type { MlflowDriftInput } from '@greenroom/plugin-mlflow-common';
import {
  RetryLaterError,
  type PipelineRun,
} from '@greenroom/plugin-triage-node';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  createDriftReport,
  type DriftFailure,
  type LlmClient,
} from '@greenroom/triage-engine';
import { z } from 'zod';
import type { IncidentStore } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { ReportStore } from '../database/ReportStore';
import type { CatalogRepositories } from '../services/CatalogRepositories';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { PipelineSources } from '../services/PipelineSources';
import { toRepositoryKey } from '../services/Repository';
import { withoutSecrets } from '../services/withoutSecrets';
import { reportInSteps } from '../work/reportInSteps';
import type { DescribeError, JobHandler, JobOptions } from '../work/Worker';
import { describeDrift } from './describeDrift';
import type { DriftAnalyses, DriftAnalysis } from './DriftAnalyses';
import type { Retraining } from './Retraining';

const payloadSchema = z.object({
  source: z.string(),
  host: z.string(),
  repository: z.string(),
  runId: z.string(),
  runAttempt: z.number(),
});

const toTime = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString();

function describeInput(input: MlflowDriftInput): string {
  const { kind, observations, reference, value } = input;
  const was = reference === undefined ? '' : `, ${reference} at training`;
  return `${kind} ${value ?? 'not known'}${was} (rests on ${observations})`;
}

/** What a run of the workflow of drift concluded becomes an incident, or the end of one. */
export class DriftHandler implements JobHandler {
  readonly #options: {
    analyses: DriftAnalyses;
    catalog: CatalogRepositories;
    describeError: DescribeError;
    incidents: IncidentStore;
    llm: () => LlmClient | undefined;
    reports: ReportStore;
    retraining: Retraining;
    signals: ChangeSignals;
    sources: PipelineSources;
    timeoutMs: number;
  };

  constructor(options: {
    analyses: DriftAnalyses;
    catalog: CatalogRepositories;
    describeError: DescribeError;
    incidents: IncidentStore;
    llm: () => LlmClient | undefined;
    reports: ReportStore;
    retraining: Retraining;
    signals: ChangeSignals;
    sources: PipelineSources;
    timeoutMs: number;
  }) {
    this.#options = options;
  }

  async run(job: LeasedJob, { signal }: JobOptions): Promise<void> {
    const { analyses, catalog, describeError, incidents, signals, sources } =
      this.#options;
    const ref = payloadSchema.parse(JSON.parse(job.payload));
    // An event is a hint: what counts is what the source says when it is asked.
    const found = await sources.get(ref.source).getRun(ref, { signal });
    const owner = await catalog.findOwner(ref);
    if (found?.result !== 'passed' || !owner) {
      return;
    }
    const run = withoutSecrets(found);
    const analysis = await analyses
      .find(owner.entityRef, run, { signal })
      .catch(error => {
        throw new RetryLaterError(`MLflow: ${describeError(error)}`, {
          cause: error,
        });
      });
    if (!analysis || analysis.verdict === 'insufficient_data') {
      return;
    }
    if (analysis.verdict === 'none') {
      await incidents.recoverDrift(run);
      signals.changed(run);
      return;
    }
    const { verdict } = analysis;
    const incidentId = await incidents.recordDrift(run, owner.entityRef);
    const report = await this.#report(incidentId, {
      run,
      analysis: { ...analysis, verdict },
      owner: owner.owner,
      signal,
    });
    if (verdict === 'P0') {
      await this.#options.retraining.consider(
        { ...owner, incidentId, run },
        analysis,
        { hypothesis: describeDrift(report).hypothesis, signal },
      );
    }
    signals.changed(run);
  }

  async #report(
    id: string,
    of: {
      run: PipelineRun;
      analysis: DriftAnalysis & Pick<DriftFailure, 'verdict'>;
      owner?: string;
      signal: AbortSignal;
    },
  ): Promise<TriageReport> {
    const { incidents, llm, reports, signals, timeoutMs } = this.#options;
    const { analysis, owner, run, signal } = of;
    const known = await reports.find(id);
    // Tried again for what comes after it: no model is asked twice.
    if (known && (known.ai.status !== 'off' || !llm())) {
      return known;
    }
    const { features, inputs, model, modelVersion, reason, verdict, windows } =
      analysis;
    const failure = {
      incident: {
        repository: run.repository,
        workflow: run.workflow,
        run: {
          id: run.runId,
          attempt: run.runAttempt,
          url: run.url,
          branch: run.branch,
          commit: run.commit,
        },
        model,
      },
      verdict,
      reason,
      modelVersion,
      features: features.map(({ since, ...feature }) => ({
        ...feature,
        since: toTime(since),
      })),
      windows: windows.map(({ from, rows, verdict: each }) => ({
        from: toTime(from),
        rows,
        verdict: each,
      })),
      inputs: inputs.map(describeInput),
      owner,
    };
    return reportInSteps({
      incidentId: id,
      reports,
      create: options => createDriftReport(failure, options),
      keep: async report => [
        {
          source: report.excerpts[0].source,
          total: report.excerpts[0].totalLines,
          lines: report.excerpts[0].lines,
        },
      ],
      limits: { knownSecrets: {}, timeoutMs, signal },
      llm: async () => llm(),
      onReport: () => signals.changed(run),
      onAnswer: () => incidents.setStage(id, 'verify'),
      post: {
        key: `post:${id}`,
        kind: 'post',
        lane: `effects:${toRepositoryKey(run)}`,
        repository: toRepositoryKey(run),
        incidentId: id,
      },
    });
  }

  async onDead(job: LeasedJob, error: string): Promise<void> {
    const { incidents, reports, retraining, signals } = this.#options;
    const ref = payloadSchema.parse(JSON.parse(job.payload));
    const incident = await incidents.findDrift(ref);
    const report = incident && (await reports.find(incident.id));
    const entityRef = incident?.entity_ref;
    if (!entityRef || report?.decision.priority !== 'P0') {
      return;
    }
    await retraining.giveUp(
      {
        incidentId: incident.id,
        run: ref,
        entityRef,
        owner: report.decision.owner,
      },
      report,
      error,
    );
    signals.changed(ref);
  }
}
