// SPDX-License-Identifier: Apache-2.0
import type {
  InboxResponse,
  StatisticsResponse,
  TriageFigures,
} from '@greenroom/plugin-triage-common';
import { createGateIncident, createIncident, minutesAgo } from './incidents';

export function createInbox(): InboxResponse {
  return {
    items: [
      { ...createIncident(), mine: true },
      { ...createGateIncident(), mine: true },
      {
        ...createIncident({
          id: 'i3',
          entityRef: 'component:default/fraud',
          repository: 'greenroom-demo/fraud',
          assignee: 'user:default/ada',
          failedAt: minutesAgo(90),
        }),
        mine: false,
      },
    ],
    channel: 'triage:inbox',
  };
}

const FIGURES: TriageFigures = {
  incidents: 40,
  reports: 38,
  identified: 30,
  useful: 9,
  notUseful: 1,
  rootCauseRight: 7,
  rootCauseWrong: 1,
  toReport: { count: 38, medianSeconds: 14, p90Seconds: 41 },
  toGreen: { count: 20, medianSeconds: 5_400, p90Seconds: 90_000 },
};

export function createStatistics(): StatisticsResponse {
  return {
    since: minutesAgo(30 * 24 * 60),
    all: FIGURES,
    byType: [
      { ...FIGURES, type: 'training-error', incidents: 25 },
      {
        ...FIGURES,
        type: 'gate',
        incidents: 15,
        useful: 0,
        notUseful: 0,
        toGreen: { count: 0 },
      },
    ],
    byModel: [
      { ...FIGURES, model: 'gemini-3.5-flash' },
      { ...FIGURES, model: 'none', incidents: 2 },
    ],
    deadLetters: 1,
  };
}
