// SPDX-License-Identifier: Apache-2.0

/** What happened to an incident. */
export const historyMessages = {
  timeline: {
    title: 'Timeline',
    failed: 'Run {{run}} failed',
    fired: '{{alert}} began to fire',
    analysed: 'Run {{run}} found drift',
  },
  recovered: {
    pipeline: 'Recovered: a later run passed',
    alert: 'Recovered: the alert ended',
    drift: 'Recovered: a later analysis found no drift',
  },
  activity: {
    received: 'Received',
    reported: 'Report made',
    'reported-again': 'Report made again: its analysis was repeated',
    'reported-on-request': 'Report made again: a person asked for it',
    'reported-with-evidence':
      'Report made again: what could not be read before was there',
    'reported-with-owner':
      'Report made again: its component came into the catalog',
    failed: 'The report could not be made',
    acknowledged: 'Acknowledged',
    resolved: 'Resolved',
    reopened: 'Opened again',
    assigned: 'Assigned',
    analyze: 'Asked again',
    feedback: 'Answered',
    'incident-report': 'Incident report proposed',
    retraining: 'Retraining started',
    'no-retraining': 'No retraining',
    'drift-analysis': 'Analysis of drift started',
    'no-drift-analysis': 'No analysis of drift',
    by: 'by',
  },
} as const;
