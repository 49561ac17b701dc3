// SPDX-License-Identifier: Apache-2.0
import { NotFoundError } from '@backstage/errors';
import {
  RetryLaterError,
  type PipelineEvidence,
  type PipelineRun,
} from '@greenroom/plugin-triage-node';
import {
  createPipelineReport,
  readLines,
  type LlmClient,
} from '@greenroom/triage-engine';
import { z } from 'zod';
import { toRun, type IncidentStore } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { CatalogRepositories } from '../services/CatalogRepositories';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { ModelComparison, ModelRuns } from '../services/ModelRuns';
import { toRepositoryKey } from '../services/Repository';
import type { PipelineSources } from '../services/PipelineSources';
import { withoutSecrets } from '../services/withoutSecrets';
import type { AlertAnalysis } from './AlertAnalysis';
import { keepLogs } from './keepLogs';
import { reportInSteps } from './reportInSteps';
import type { JobHandler, JobOptions } from './Worker';

/** A component is in the catalog some minutes after its first pipeline ran. */
const UNKNOWN_FOR_MS = 30 * 60_000;
const LOOK_AGAIN_MS = 60_000;

const payloadSchema = z.object({ hint: z.string().optional() });

/** From a recorded failure to its report. */
export class AnalyzeHandler implements JobHandler {
  readonly #options: {
    alerts: AlertAnalysis;
    catalog: CatalogRepositories;
    incidents: IncidentStore;
    models: ModelRuns;
    reports: ReportStore;
    sources: PipelineSources;
    signals: ChangeSignals;
    llm: () => LlmClient | undefined;
    timeoutMs: number;
  };

  constructor(options: {
    alerts: AlertAnalysis;
    catalog: CatalogRepositories;
    incidents: IncidentStore;
    models: ModelRuns;
    reports: ReportStore;
    sources: PipelineSources;
    signals: ChangeSignals;
    llm: () => LlmClient | undefined;
    timeoutMs: number;
  }) {
    this.#options = options;
  }

  async run(job: LeasedJob, { signal }: JobOptions): Promise<void> {
    const { incidents, models, sources, signals } = this.#options;
    const incident = await incidents.find(job.incident_id ?? '');
    if (!incident) {
      return;
    }
    if (incident.kind === 'alert') {
      const { hint } = payloadSchema.parse(JSON.parse(job.payload));
      await this.#options.alerts.run(incident, {
        hint,
        receivedAt: job.received_at,
        signal,
      });
      return;
    }
    const owner = await this.#findOwner(incident, job);
    const source = sources.get(incident.source);
    // An event is a hint: what counts is what the source says when it is asked.
    const run = owner && (await source.getRun(toRun(incident), { signal }));
    if (owner && !run) {
      throw new NotFoundError(`There is no run ${incident.run_id} for us`);
    }
    if (!owner || run?.result !== 'failed') {
      await incidents.remove(incident.id);
      return;
    }
    await incidents.updateFacts(
      incident.id,
      withoutSecrets(run),
      owner.entityRef,
    );
    await this.#setStage(incident, 'collect');
    const [evidence, model] = await Promise.all([
      source.collect(run, { signal }),
      models.compare(owner.entityRef, run, { signal }),
    ]);
    try {
      await this.#setStage(incident, 'reduce');
      const { hint } = payloadSchema.parse(JSON.parse(job.payload));
      await this.#report({
        incident,
        run,
        evidence,
        model,
        owner,
        hint,
        signal,
      });
    } finally {
      await evidence.close();
    }
    signals.changed(incident);
  }

  async onDead(job: LeasedJob, error: string): Promise<void> {
    const { incidents, signals } = this.#options;
    const incident = await incidents.find(job.incident_id ?? '');
    if (incident) {
      await incidents.setStage(incident.id, 'failed', error);
      signals.changed(incident);
    }
  }

  async #report(options: {
    incident: IncidentRow;
    run: PipelineRun;
    evidence: PipelineEvidence;
    model: ModelComparison;
    owner: { entityRef: string; owner?: string };
    hint?: string;
    signal: AbortSignal;
  }): Promise<void> {
    const { incident, run, evidence, owner, hint, signal } = options;
    const { gate, ...model } = options.model;
    const { reports, signals, timeoutMs } = this.#options;
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
      },
      logs: evidence.logs,
      passingLogs: evidence.passingLogs,
      reports: [...evidence.reports, ...(gate ? [gate] : [])],
      facts: evidence.facts,
      compare: { ...evidence.compare, ...model },
      owner: owner.owner,
      isProtected: evidence.isProtected,
    };
    const { knownSecrets } = evidence;
    const llm = this.#options.llm();
    await reportInSteps({
      incidentId: incident.id,
      reports,
      create: limits => createPipelineReport(failure, limits),
      keep: report =>
        keepLogs(
          evidence.logs.jobs
            .flatMap(({ log, steps }) => [
              log,
              ...steps.flatMap(step => step.log ?? []),
            ])
            .map(log => ({
              source: log.source,
              lines: () => readLines(log),
            })),
          report,
          knownSecrets,
        ),
      limits: { knownSecrets, timeoutMs, signal },
      llm: async () => llm,
      hint,
      onReport: () => signals.changed(incident),
      onAnswer: () => this.#setStage(incident, 'verify'),
      post: {
        key: `post:${incident.id}`,
        kind: 'post',
        lane: `effects:${toRepositoryKey(run)}`,
        repository: toRepositoryKey(run),
        incidentId: incident.id,
      },
    });
  }

  /** @returns undefined where the catalog has had time enough and knows no such repository */
  async #findOwner(incident: IncidentRow, job: LeasedJob) {
    const owner = await this.#options.catalog.findOwner(incident);
    if (!owner && Date.now() - job.received_at < UNKNOWN_FOR_MS) {
      throw new RetryLaterError(
        'No entity of the catalog has this repository',
        {
          cause: new NotFoundError(toRepositoryKey(incident)),
          retryAt: Date.now() + LOOK_AGAIN_MS,
        },
      );
    }
    return owner;
  }

  async #setStage(
    incident: IncidentRow,
    stage: 'collect' | 'reduce' | 'verify',
  ) {
    await this.#options.incidents.setStage(incident.id, stage);
    this.#options.signals.changed(incident);
  }
}
