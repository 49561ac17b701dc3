// SPDX-License-Identifier: Apache-2.0
import type { IncidentDetails } from '@greenroom/plugin-triage-common';
import {
  NOW,
  banditReport,
  createAlertDetails,
  createAnsweredReport,
  createDetails,
  createGateIncident,
  createGroup,
  createIncident,
  createIncidents,
  gateReport,
  minutesAgo,
  trainingReport,
} from '../src/__fixtures__/incidents';

const HOSTILE = '\u202egnp.exe <img src=x onerror=alert(1)> \u0007 @everyone';

/** What the report page can be told, by name. */
export const STATES: Record<string, () => IncidentDetails> = {
  answered: () =>
    createDetails({
      feedback: [
        {
          useful: true,
          rootCause: 'right',
          done: 'Dropped the copied column.',
          at: minutesAgo(3),
          by: 'user:default/ada',
        },
      ],
    }),
  rules: () =>
    createDetails({
      report: trainingReport,
      effects: [],
      similar: { count: 0, repositories: [] },
    }),
  gate: () =>
    createDetails({
      incident: createGateIncident(),
      report: {
        ...gateReport,
        changes: [
          {
            kind: 'parameter',
            name: 'max_leaf_nodes',
            before: '31',
            after: '4',
          },
          { kind: 'metric', name: 'accuracy', before: '0.960', after: '0.880' },
          { kind: 'data', name: 'digest', before: '9f3e1c2', after: '9f3e1c2' },
        ],
      },
    }),
  alert: () => createAlertDetails(),
  findings: () =>
    createDetails({
      incident: createIncident({
        type: 'sast',
        title:
          'Unsafe code found in Security / Look for unsafe code (bandit) of CI',
        summary: 'bandit reports 1 finding.',
      }),
      report: banditReport,
    }),
  inconclusive: () =>
    createDetails({
      report: {
        ...trainingReport,
        failure: { ...trainingReport.failure, type: 'unknown', evidence: [] },
        rootCause: {
          outcome: 'inconclusive',
          missing: ['The log of the step before it.', 'A run that passed.'],
        },
      },
    }),
  asking: () =>
    createDetails({
      incident: createIncident({
        progress: { stage: 'ask', since: new Date(NOW - 7_000).toISOString() },
      }),
      report: {
        ...trainingReport,
        ai: { status: 'skipped', droppedClaims: 0 },
      },
      effects: [],
    }),
  collecting: () =>
    createDetails({
      incident: createIncident({
        type: undefined,
        signature: undefined,
        summary: undefined,
        title: 'CI failed',
        progress: {
          stage: 'collect',
          since: new Date(NOW - 2_000).toISOString(),
        },
      }),
      report: undefined,
      effects: [],
      logs: [],
      similar: { count: 0, repositories: [] },
    }),
  failed: () =>
    createDetails({
      incident: createIncident({
        progress: {
          stage: 'failed',
          since: minutesAgo(1),
          error: 'GitHub no longer has the logs of this run.',
        },
      }),
      report: undefined,
      effects: [],
      logs: [],
    }),
  denied: () =>
    createDetails({ permissions: { update: false, analyze: false } }),
  hostile: () =>
    createDetails({
      incident: createIncident({
        title: HOSTILE,
        branch: HOSTILE,
        summary: HOSTILE,
      }),
      report: createAnsweredReport({
        summary: `${HOSTILE} ${'x'.repeat(400)}`,
      }),
    }),
};

/** Two causes, one of them in several runs and repositories, and a run that is being read. */
export function createAllIncidents() {
  const first = createIncident();
  const gate = createGateIncident();
  return createIncidents(
    [
      createIncident({
        id: 'i9',
        runId: '219',
        type: undefined,
        signature: undefined,
        summary: undefined,
        title: 'CI failed',
        branch: 'main',
        progress: { stage: 'collect', since: minutesAgo(0) },
        failedAt: minutesAgo(0),
      }),
      first,
      createIncident({
        id: 'i4',
        runId: '209',
        state: 'recovered',
        branch: 'dependabot/pip/numpy-2.3.1',
        failedAt: minutesAgo(300),
      }),
      createIncident({
        id: 'i5',
        runId: '199',
        state: 'resolved',
        failedAt: minutesAgo(4_000),
      }),
      gate,
    ],
    {
      groups: [
        createGroup(first, {
          count: 12,
          repositories: ['a/a', 'a/b', 'a/c', 'a/d'],
        }),
        createGroup(gate),
      ],
      nextCursor: 'next',
    },
  );
}
