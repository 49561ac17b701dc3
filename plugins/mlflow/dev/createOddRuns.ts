// SPDX-License-Identifier: Apache-2.0
import { NOW, createRun, createVersion } from '../src/__fixtures__/training';

const DAY = 86_400_000;

const BARE = {
  gate: undefined,
  commit: undefined,
  ciRun: undefined,
  modelVersions: [],
};

/** Runs that no pipeline of ours made. */
export function createOddRuns() {
  const names = [
    '<img src=x onerror=alert(1)><b>bold</b>',
    '\u202Egnp.exe \u0645\u0631\u062d\u0628\u0627',
    'x'.repeat(250),
    '   ',
    '\u200b',
    `a${'\u0301'.repeat(60)}`,
  ];
  return [
    createRun({
      ...BARE,
      runId: 'ahead',
      runName: 'starts in the future',
      status: 'RUNNING',
      startTime: NOW + 3 * DAY,
      endTime: undefined,
    }),
    createRun({ ...BARE, runId: 'parent', runName: 'parent' }),
    ...[0, 1, 2].map(index =>
      createRun({
        ...BARE,
        runId: `child${index}`,
        runName: `child-${index}`,
        parentRunId: index < 2 ? 'parent' : '0123456789abcdef',
      }),
    ),
    ...names.map((runName, index) =>
      createRun({ ...BARE, runId: `odd${index}`, runName }),
    ),
    createRun({
      ...BARE,
      runId: 'zombie',
      runName: 'running for 5 days',
      status: 'RUNNING',
      startTime: NOW - 5 * DAY,
      endTime: undefined,
    }),
    createRun({
      runId: 'gated',
      runName: 'gate NaN',
      url: 'data:text/html,hostile',
      gate: {
        metric: 'accuracy',
        direction: 'maximize',
        threshold: 0.9,
        value: 'NaN',
        passed: false,
      },
    }),
  ];
}

/** Versions whose runs cannot be shown, and those of a registry of MLflow 2. */
export function createOddVersions() {
  const states = ['deleted', 'not-found', 'not-allowed'] as const;
  const stages = ['Production', 'Staging', 'Archived'] as const;
  return states.map((runMissing, index) =>
    createVersion({
      version: String(9 - index),
      aliases: index === 0 ? ['x'.repeat(200), 'blue'] : [],
      run: undefined,
      runMissing,
      stage: stages[index],
    }),
  );
}
