// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  createAlertReport,
  readAlertDocuments,
  type AlertFailure,
  type LlmClient,
} from '@greenroom/triage-engine';
import { RetryLaterError } from '@greenroom/plugin-triage-node';
import type { AlertRow } from '../database/alertRow';
import {
  dispatchJob,
  postAlertJob,
  type AlertStore,
} from '../database/AlertStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { JobStore } from '../database/JobStore';
import type { KeptLog, ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { AlertEntities, AlertEntity } from '../evidence/AlertEntities';
import type {
  AlertEvidence,
  CollectedEvidence,
} from '../evidence/AlertEvidence';
import {
  readOwner,
  toOwnedRepository,
  type CatalogRepositories,
} from '../services/CatalogRepositories';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { ModelRuns } from '../services/ModelRuns';
import { toRepositoryKey } from '../services/Repository';
import { keepLogs } from './keepLogs';
import { reportInSteps } from './reportInSteps';
import { whenToAskAgain } from './whenToAskAgain';
import type { DescribeError } from './Worker';

/** Where an entity's source location is no address. */
const DEFAULT_HOST = 'github.com';
/** Of a group whose causes are compared. */
const MAX_GROUP = 500;

const NONE: CollectedEvidence = {
  objects: [],
  logs: [],
  metrics: [],
  errors: [],
  isAway: false,
};

/**
 * From a recorded alert to its report. What cannot be read stops nothing; where the cluster or
 * Prometheus did not answer, both are asked again.
 */
export class AlertAnalysis {
  readonly #options: {
    alerts: AlertStore;
    catalog: CatalogRepositories;
    describeError: DescribeError;
    /** Names of the alerts that ask for an analysis of drift. */
    driftAlerts: string[];
    entities: AlertEntities;
    evidence: AlertEvidence;
    incidents: IncidentStore;
    jobs: JobStore;
    /** Of the portal, by name: they must never be seen. */
    knownSecrets: Record<string, string>;
    llm: () => LlmClient | undefined;
    models: ModelRuns;
    reports: ReportStore;
    signals: ChangeSignals;
    timeoutMs: number;
  };

  constructor(options: {
    alerts: AlertStore;
    catalog: CatalogRepositories;
    describeError: DescribeError;
    driftAlerts: string[];
    entities: AlertEntities;
    evidence: AlertEvidence;
    incidents: IncidentStore;
    jobs: JobStore;
    knownSecrets: Record<string, string>;
    llm: () => LlmClient | undefined;
    models: ModelRuns;
    reports: ReportStore;
    signals: ChangeSignals;
    timeoutMs: number;
  }) {
    this.#options = options;
  }

  async run(
    incident: IncidentRow,
    options: { hint?: string; receivedAt: number; signal: AbortSignal },
  ): Promise<void> {
    const { hint, receivedAt, signal } = options;
    const { alerts, driftAlerts, incidents, jobs, knownSecrets } =
      this.#options;
    const { models, signals, timeoutMs } = this.#options;
    const alert = await alerts.find(incident.id);
    if (!alert) {
      return;
    }
    await this.#setStage(incident, 'collect');
    const { owner, evidence } = await this.#collect(alert, signal);
    const owned = owner && toOwnedRepository(owner.entity);
    const repository = {
      host: owned ? (owned.host ?? DEFAULT_HOST) : '',
      repository: owned?.repository ?? '',
    };
    await incidents.setOwner(incident.id, {
      entityRef: owner?.entityRef ?? null,
      ...repository,
    });
    if (driftAlerts.includes(alert.name)) {
      await jobs.add(dispatchJob(incident.id, toRepositoryKey(repository)));
    }
    const failure: AlertFailure = {
      incident: {
        repository: owned?.repository,
        model: owner?.entity.metadata.name,
      },
      alert: {
        status: alert.status,
        labels: alert.labels,
        annotations: alert.annotations,
        startsAt: new Date(alert.starts_at).toISOString(),
        endsAt: alert.ends_at
          ? new Date(alert.ends_at).toISOString()
          : undefined,
        generatorURL: alert.generator_url ?? '',
        fingerprint: alert.fingerprint,
      },
      groupLabels: alert.group_labels,
      objects: evidence.objects,
      logs: evidence.logs,
      metrics: evidence.metrics,
      changes: owner
        ? await models.describeServed(owner.entity, { signal })
        : [],
      owner: owner && readOwner(owner.entity),
    };
    const askAgainAt = evidence.isAway ? whenToAskAgain(receivedAt) : undefined;
    await this.#setStage(incident, 'reduce');
    await reportInSteps({
      incidentId: incident.id,
      hasNewOwner: Boolean(owner && !incident.entity_ref),
      reports: this.#options.reports,
      create: async limits =>
        withErrors(await createAlertReport(failure, limits), evidence),
      keep: report => keepDocuments(failure, report, knownSecrets),
      limits: { knownSecrets, timeoutMs, signal },
      llm: async byRules =>
        askAgainAt
          ? undefined
          : this.#chooseLlm(incident, alert, byRules, hint),
      hint,
      onReport: () => signals.changed(incident),
      onAnswer: () => this.#setStage(incident, 'verify'),
      post: postAlertJob(alert, 'report'),
    });
    signals.changed((await incidents.find(incident.id)) ?? incident);
    if (askAgainAt) {
      const [first] = evidence.errors;
      throw new RetryLaterError('Reported without all evidence', {
        retryAt: askAgainAt,
        cause: new Error(first?.message ?? 'It did not answer'),
      });
    }
  }

  /** Whose the alert is, and what surrounds it. What the cluster says of whose it is counts. */
  async #collect(
    alert: AlertRow,
    signal: AbortSignal,
  ): Promise<{ owner?: AlertEntity; evidence: CollectedEvidence }> {
    const { alerts, entities, evidence } = this.#options;
    const { owner, errors } = await this.#findOwner(() => entities.find(alert));
    if (owner) {
      await alerts.setMatched(alert.incident_id);
    }
    const found = await evidence.collect(alert, owner, signal);
    const ref = owner?.entityRef.toLocaleLowerCase('en-US');
    if (!found.marks || (ref && found.marks.includes(ref))) {
      return { owner, evidence: withMore(found, errors) };
    }
    const marked = await this.#findOwner(() => this.#findMarked(found.marks));
    if (!marked.owner) {
      // Nobody in the catalog is meant: what was read is for who may see such alerts.
      return {
        evidence: withMore(
          owner ? await evidence.collect(alert, undefined, signal) : found,
          [...errors, ...marked.errors],
        ),
      };
    }
    return {
      owner: marked.owner,
      evidence: owner
        ? await evidence.collect(alert, marked.owner, signal)
        : found,
    };
  }

  async #findMarked(marks: string[] = []): Promise<AlertEntity | undefined> {
    for (const mark of marks) {
      const entity: Entity | undefined =
        await this.#options.catalog.findEntity(mark);
      if (entity) {
        return { entity, entityRef: stringifyEntityRef(entity) };
      }
    }
    return undefined;
  }

  async #findOwner(find: () => Promise<AlertEntity | undefined>): Promise<{
    owner?: AlertEntity;
    errors: CollectedEvidence['errors'];
  }> {
    try {
      return { owner: await find(), errors: [] };
    } catch (error) {
      const message = `The catalog does not say whose it is: ${this.#options.describeError(error)}`;
      return {
        errors: [{ stage: 'collect', code: 'no-catalog', message }],
      };
    }
  }

  /** One cause of a group is explained once, unless a person asks. */
  async #chooseLlm(
    incident: IncidentRow,
    alert: AlertRow,
    { failure }: TriageReport,
    hint: string | undefined,
  ): Promise<LlmClient | undefined> {
    const { alerts, incidents } = this.#options;
    const llm = this.#options.llm();
    if (!llm || hint !== undefined) {
      return llm;
    }
    const current = (await incidents.find(incident.id)) ?? incident;
    const group = await alerts.listGroup(alert.group_id, current, MAX_GROUP);
    const others = group.flatMap(({ incident_id: id }) =>
      id === incident.id ? [] : id,
    );
    return (await incidents.queries.isExplained(others, failure.signature))
      ? undefined
      : llm;
  }

  async #setStage(
    incident: IncidentRow,
    stage: 'collect' | 'reduce' | 'verify',
  ) {
    await this.#options.incidents.setStage(incident.id, stage);
    this.#options.signals.changed(incident);
  }
}

function withMore(
  evidence: CollectedEvidence,
  errors: CollectedEvidence['errors'],
): CollectedEvidence {
  return { ...NONE, ...evidence, errors: [...evidence.errors, ...errors] };
}

function withErrors(
  report: TriageReport,
  { errors }: CollectedEvidence,
): TriageReport {
  return { ...report, errors: [...report.errors, ...errors] };
}

/** What people read of the evidence: what is quoted, and the rest where there is room. */
async function keepDocuments(
  failure: AlertFailure,
  report: TriageReport,
  knownSecrets: Record<string, string>,
): Promise<KeptLog[]> {
  const documents = await readAlertDocuments(failure);
  return keepLogs(
    documents.map(({ source, lines }) => ({
      source,
      // As they are: what a job's log has for a colour may be PromQL's range here.
      async *lines() {
        yield* lines.map((text, index) => ({ number: index + 1, text }));
      },
    })),
    report,
    knownSecrets,
    documents.map(({ source }) => source),
  );
}
