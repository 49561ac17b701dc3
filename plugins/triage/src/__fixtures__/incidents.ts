// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  triageReportSchema,
  type Incident,
  type IncidentDetails,
  type IncidentGroup,
  type IncidentLog,
  type IncidentsResponse,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
// Made by `npm run triage -- report --json` of runs in eval/pipelines/cases.
import bandit from './reports/bandit.json';
import crashLoop from './reports/crash-loop.json';
import gateChampion from './reports/gate-champion.json';
import trainingException from './reports/training-exception.json';

export const NOW = Date.parse('2026-11-29T12:00:00.000Z');

const MINUTE = 60_000;

/** The time so many minutes before `NOW`. */
export function minutesAgo(minutes: number) {
  return new Date(NOW - minutes * MINUTE).toISOString();
}

export const ENTITY_REF = 'component:default/churn';
export const TRAIN_LOG = 'Train/5_Train.txt';

export function createEntity(
  overrides: Partial<Entity['metadata']> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'churn',
      namespace: 'default',
      annotations: { 'github.com/project-slug': 'greenroom-demo/churn' },
      ...overrides,
    },
    spec: {
      type: 'ml-model',
      owner: 'user:default/jane',
      lifecycle: 'production',
    },
  };
}

export const trainingReport: TriageReport =
  triageReportSchema.parse(trainingException);
export const gateReport: TriageReport = triageReportSchema.parse(gateChampion);
const alertReport: TriageReport = triageReportSchema.parse(crashLoop);
export const banditReport: TriageReport = triageReportSchema.parse(bandit);

const SINGULAR = {
  source: TRAIN_LOG,
  line: 30,
  quote: 'numpy.linalg.LinAlgError: Singular matrix',
};

/** The same run once a model answered, and with a green run to compare with. */
export function createAnsweredReport(
  overrides: Partial<TriageReport> = {},
): TriageReport {
  return {
    ...trainingReport,
    rootCause: {
      outcome: 'identified',
      statement:
        'Two columns of the training data are copies of each other, so that the covariance cannot be inverted.',
      evidence: [
        SINGULAR,
        {
          source: TRAIN_LOG,
          line: 23,
          quote: 'whitening = np.linalg.inv(covariance)',
        },
      ],
      confidence: 'high',
    },
    claims: [
      {
        statement:
          'The step ended with make’s own error, which follows from it.',
        evidence: [
          {
            source: TRAIN_LOG,
            line: 31,
            quote: 'make: *** [Makefile:68: train] Error 1',
          },
        ],
        confidence: 'medium',
      },
    ],
    nextSteps: [
      {
        text: [
          '--- a/src/churn_model/train.py',
          '+++ b/src/churn_model/train.py',
          '@@ -51,1 +51,1 @@',
          '-    whitening = np.linalg.inv(covariance)',
          '+    whitening = np.linalg.pinv(covariance)',
        ].join('\n'),
        by: 'model',
        evidence: [SINGULAR],
      },
      ...trainingReport.nextSteps,
    ],
    changes: [
      { kind: 'dependency', name: 'numpy', before: '2.2.0', after: '2.3.1' },
      { kind: 'file', name: 'data/churn.csv', after: 'modified' },
    ],
    suspects: [
      {
        sha: 'e4a31ab1b2ce005974abe4d7c6d001ad2d9d1f68',
        message: 'Add the tenure in months',
        author: 'Ada Lovelace',
        score: 0.8,
        reasons: ['changes data/churn.csv, which the step reads'],
      },
      {
        sha: 'b1a31ab1b2ce005974abe4d7c6d001ad2d9d1f68',
        message: 'Mend a typing error',
        score: 0,
        reasons: [],
      },
    ],
    excluded: [
      {
        cause: '2 findings of bandit',
        reason: 'They are in a report of another step.',
      },
    ],
    ai: {
      status: 'answered',
      model: 'gemini-3.5-flash',
      modelVersion: 'gemini-3.5-flash-001',
      prompt: 'training-error@3',
      inputTokens: 3_912,
      outputTokens: 412,
      cost: { amount: 0.008124, currency: 'EUR' },
      droppedClaims: 2,
    },
    redactions: { 'github-token': 1, 'basic-auth': 2 },
    ...overrides,
  };
}

export function createIncident(overrides: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    kind: 'pipeline',
    entityRef: ENTITY_REF,
    repository: 'greenroom-demo/churn',
    workflow: 'CI',
    runId: '214',
    runAttempt: 1,
    runUrl: 'https://github.com/greenroom-demo/churn/actions/runs/214',
    branch: 'main',
    commit: 'e4a31ab1b2ce005974abe4d7c6d001ad2d9d1f68',
    isDefaultBranch: true,
    state: 'new',
    type: 'training-error',
    signature: trainingReport.failure.signature,
    title: 'Training failed in Train / Train of CI',
    summary: 'numpy.linalg.LinAlgError: Singular matrix',
    outcome: 'identified',
    confidence: 'medium',
    priority: 'P2',
    progress: { stage: 'done', since: minutesAgo(11) },
    firstSeen: minutesAgo(3 * 24 * 60),
    lastSeen: minutesAgo(12),
    failedAt: minutesAgo(12),
    reportedAt: minutesAgo(11),
    ...overrides,
  };
}

export function createGateIncident(overrides: Partial<Incident> = {}) {
  return createIncident({
    id: 'i2',
    runId: '215',
    type: 'gate',
    state: 'acknowledged',
    signature: gateReport.failure.signature,
    title: 'Model below the quality gate in Gate / Gate of CI',
    summary:
      'Gate FAILED: accuracy 0.880 ≥ 0.800 (threshold); champion churn-model v1 has 0.960, 0.080 better',
    branch: 'larger-leaves',
    commit: '77aa0121b2ce005974abe4d7c6d001ad2d9d1f68',
    failedAt: minutesAgo(47),
    ...overrides,
  });
}

/** What Alertmanager told of a model that crashes since 20 minutes. */
export function createAlertIncident(overrides: Partial<Incident> = {}) {
  const {
    workflow: _workflow,
    runId: _run,
    runAttempt: _attempt,
    runUrl: _url,
    branch: _branch,
    commit: _commit,
    isDefaultBranch: _default,
    ...rest
  } = createIncident();
  return {
    ...rest,
    id: 'i3',
    kind: 'alert' as const,
    type: alertReport.failure.type,
    signature: alertReport.failure.signature,
    title:
      'ModelCrashLooping: Container crashes again and again, on fraud-prod/churn',
    summary: alertReport.summary,
    priority: 'P0',
    failedAt: minutesAgo(20),
    firstSeen: minutesAgo(20),
    lastSeen: minutesAgo(20),
    alert: {
      name: 'ModelCrashLooping',
      severity: 'critical',
      startsAt: minutesAgo(20),
      status: 'firing' as const,
      cluster: 'prod',
      namespace: 'fraud-prod',
      service: 'churn',
      groupKey: '{}:{namespace="fraud-prod"}',
      receiver: 'greenroom',
      labels: { alertname: 'ModelCrashLooping', model_name: 'churn' },
      annotations: {},
    },
    ...overrides,
  };
}

export function createAlertDetails(
  overrides: Partial<IncidentDetails> = {},
): IncidentDetails {
  return createDetails({
    incident: createAlertIncident(),
    report: alertReport,
    effects: [],
    logs: alertReport.excerpts.map(({ source, totalLines }) => ({
      job: source,
      total: totalLines,
    })),
    activity: [
      { at: minutesAgo(19), by: 'triage', action: 'received' },
      { at: minutesAgo(18), by: 'triage', action: 'reported' },
    ],
    similar: { count: 0, repositories: [] },
    ...overrides,
  });
}

export function createGroup(
  incident: Incident,
  overrides: Partial<IncidentGroup> = {},
): IncidentGroup {
  return {
    signature: incident.signature ?? '',
    type: incident.type ?? 'unknown',
    summary: incident.summary ?? '',
    count: 1,
    firstSeen: incident.firstSeen,
    lastSeen: incident.lastSeen,
    repositories: [incident.repository ?? ''],
    ...overrides,
  };
}

export function createIncidents(
  items: Incident[],
  overrides: Partial<IncidentsResponse> = {},
): IncidentsResponse {
  const bySignature = new Map(
    items
      .filter(({ signature }) => signature)
      .map(incident => [incident.signature, incident]),
  );
  return {
    items,
    groups: [...bySignature.values()].map(incident => createGroup(incident)),
    channel: 'triage:test',
    ...overrides,
  };
}

export function createDetails(
  overrides: Partial<IncidentDetails> = {},
): IncidentDetails {
  return {
    incident: createIncident(),
    report: createAnsweredReport(),
    effects: [
      {
        kind: 'comment',
        url: 'https://github.com/greenroom-demo/churn/commit/e4a31ab#commitcomment-1',
        status: 'done',
        at: minutesAgo(11),
      },
      {
        kind: 'slack',
        status: 'failed',
        at: minutesAgo(11),
        error: 'channel_not_found',
      },
    ],
    activity: [
      { at: minutesAgo(12), by: 'triage', action: 'received' },
      { at: minutesAgo(11), by: 'triage', action: 'reported' },
    ],
    feedback: [],
    similar: {
      count: 6,
      repositories: ['greenroom-demo/churn', 'greenroom-demo/fraud'],
    },
    logs: [
      { job: TRAIN_LOG, total: 32 },
      { job: 'Check/5_Test.txt', total: 290 },
    ],
    permissions: { update: true, analyze: true },
    channel: 'triage:i1',
    ...overrides,
  };
}

/** The log of the training step, as far as its report kept it. */
export function createLog(overrides: Partial<IncidentLog> = {}): IncidentLog {
  const [excerpt] = trainingReport.excerpts;
  return {
    job: TRAIN_LOG,
    lines: excerpt.lines,
    total: excerpt.totalLines,
    ...overrides,
  };
}
