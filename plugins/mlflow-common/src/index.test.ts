// SPDX-License-Identifier: Apache-2.0
import {
  getMlflowAttention,
  readMlflowGate,
  type MlflowEntityOverview,
  type MlflowInstanceError,
  type MlflowModelVersion,
  type MlflowRun,
} from '.';

describe('readMlflowGate', () => {
  const tags = (changes: Record<string, string | undefined> = {}) =>
    Object.fromEntries(
      Object.entries({
        metric: 'rmse',
        direction: 'minimize',
        threshold: '1.5',
        value: '1.25',
        passed: 'True',
        champion_version: '7',
        champion_value: '1.3',
        ...changes,
      }).flatMap(([key, value]) =>
        value === undefined ? [] : [[`greenroom.gate.${key}`, value]],
      ),
    );

  it('reads what the pipeline writes', () => {
    expect(readMlflowGate(tags())).toEqual({
      metric: 'rmse',
      direction: 'minimize',
      threshold: 1.5,
      value: 1.25,
      passed: true,
      championVersion: '7',
      championValue: 1.3,
    });
    expect(
      readMlflowGate(
        tags({
          passed: 'false',
          champion_version: undefined,
          champion_value: '',
        }),
      ),
    ).toMatchObject({
      passed: false,
      championVersion: undefined,
      championValue: undefined,
    });
  });

  it('reads how sure the figure is, what it was held against and why', () => {
    const judged = {
      low: '1.1',
      high: '1.4',
      constant: '2.5',
      linear: '1.3',
      outcome: 'cannot tell',
      reason: 'rmse is 1.25 (1.1 to 1.4) on 40 rows',
      candidate_value: '1.2',
    };
    expect(readMlflowGate(tags(judged))).toMatchObject({
      interval: { low: 1.1, high: 1.4 },
      constantValue: 2.5,
      linearValue: 1.3,
      isUnsure: true,
      reason: 'rmse is 1.25 (1.1 to 1.4) on 40 rows',
      candidateValue: 1.2,
    });
    for (const odd of [{ low: '-Infinity' }, { low: '2' }, { high: 'wide' }]) {
      expect(
        readMlflowGate(tags({ ...judged, ...odd }))?.interval,
      ).toBeUndefined();
    }
  });

  it.each([
    ['nan', 'NaN'],
    ['inf', 'Infinity'],
    ['-Infinity', '-Infinity'],
    ['1e-3', 0.001],
  ])('reads the value %s', (value, expected) => {
    expect(readMlflowGate(tags({ value }))?.value).toBe(expected);
  });

  it.each([
    [{ metric: undefined }],
    [{ metric: '' }],
    [{ direction: 'higher' }],
    [{ threshold: 'nan' }],
    [{ threshold: '' }],
    [{ value: 'good' }],
    [{ passed: 'maybe' }],
    [{ passed: undefined }],
  ])('makes no verdict up from %j', changes => {
    expect(readMlflowGate(tags(changes))).toBeUndefined();
  });
});

describe('getMlflowAttention', () => {
  const NOW = Date.now();
  const DAY = 24 * 60 * 60_000;
  const run = (changes: Partial<MlflowRun> = {}): MlflowRun => ({
    instance: 'eu',
    runId: 'r1',
    runName: 'r1',
    experimentId: '1',
    status: 'FINISHED',
    startTime: 1_000,
    endTime: 1_100,
    metrics: {},
    params: {},
    tags: {},
    datasets: [],
    modelVersions: [],
    ...changes,
  });
  const gated = (passed: boolean, changes: Partial<MlflowRun> = {}) =>
    run({
      gate: {
        metric: 'accuracy',
        direction: 'maximize',
        threshold: 0.9,
        value: passed ? 0.91 : 0.87,
        passed,
      },
      ...changes,
    });
  const version = (
    changes: Partial<MlflowModelVersion> = {},
  ): MlflowModelVersion => ({
    instance: 'eu',
    name: 'churn',
    version: '7',
    status: 'READY',
    aliases: [],
    creationTime: 1_200,
    tags: {},
    ...changes,
  });
  const failure = (code: MlflowInstanceError['code']): MlflowInstanceError => ({
    instance: 'eu',
    code,
    message: code,
    retryable: true,
    since: 5,
  });
  const champion = version({ aliases: ['champion'] });

  it.each<[string, Partial<MlflowEntityOverview>, Array<[string, number?]>]>([
    ['nothing is known', {}, []],
    [
      'all is well',
      { champion, latestVersion: champion, lastRun: gated(true) },
      [],
    ],
    [
      'a run after the champion failed the gate, which is said once',
      {
        champion,
        latestVersion: champion,
        lastRun: gated(false, { status: 'FAILED', endTime: 2_000 }),
        lastGatedRun: gated(false, { status: 'FAILED', endTime: 2_000 }),
      },
      [['gate-failed', 2_000]],
    ],
    [
      'the gate failed before the champion was made',
      { champion, latestVersion: champion, lastGatedRun: gated(false) },
      [],
    ],
    [
      'the gate failed and there is no champion',
      { lastGatedRun: gated(false) },
      [['gate-failed', 1_100]],
    ],
    [
      'a run fails otherwise after one that failed the gate',
      {
        champion,
        lastGatedRun: gated(false, { endTime: 2_000 }),
        lastRun: run({ runId: 'r2', status: 'KILLED', endTime: 3_000 }),
      },
      [
        ['gate-failed', 2_000],
        ['run-failed', 3_000],
      ],
    ],
    [
      'a run failed without an end',
      { lastRun: run({ status: 'FAILED', endTime: undefined }) },
      [['run-failed', 1_000]],
    ],
    [
      'a run is running after one that failed the gate long ago',
      { champion, lastRun: run({ status: 'RUNNING', startTime: NOW }) },
      [],
    ],
    [
      'a version could not be registered',
      {
        champion,
        latestVersion: version({
          status: 'FAILED_REGISTRATION',
          lastUpdatedTime: 1_300,
        }),
      },
      [['registration-failed', 1_300]],
    ],
    [
      'no version is champion',
      { latestVersion: version() },
      [['no-champion', 1_200]],
    ],
    [
      'the only versions are those of a prompt',
      {
        latestVersion: version(),
        registeredModels: [
          {
            instance: 'eu',
            name: 'churn',
            state: 'registered',
            isPrompt: true,
          },
        ],
      },
      [],
    ],
    [
      'a run has been running for a day and a minute',
      { lastRun: run({ status: 'RUNNING', startTime: NOW - DAY - 60_000 }) },
      [['run-stalled', NOW - DAY - 60_000]],
    ],
    [
      'a run has been running for nearly a day',
      { lastRun: run({ status: 'RUNNING', startTime: NOW - DAY + 60_000 }) },
      [],
    ],
    [
      'experiments are missing or deleted, and a model has no version yet',
      {
        experiments: (['missing', 'deleted', 'active', 'unknown'] as const).map(
          state => ({ instance: 'eu', name: state, state }),
        ),
        registeredModels: [{ instance: 'eu', name: 'churn', state: 'missing' }],
      },
      [['not-found'], ['not-found']],
    ],
    [
      'an instance fails, so that nobody knows whether there is a champion',
      { latestVersion: version(), errors: [failure('TIMEOUT')] },
      [['instance-unavailable', 5]],
    ],
    [
      'the instance answers, but not with what was asked for',
      {
        errors: [
          failure('NOT_FOUND'),
          failure('BAD_REQUEST'),
          failure('OTHER_COMPONENT'),
          failure('UNMARKED'),
          failure('UNREADABLE_ITEMS'),
        ],
      },
      [],
    ],
  ])('when %s', (_when, overview, expected) => {
    const attention = getMlflowAttention({
      references: { experiments: [], experimentIds: [], registeredModels: [] },
      instances: ['eu'],
      experiments: [],
      registeredModels: [],
      errors: [],
      ...overview,
    });
    expect(
      attention.map(({ reason, since }) =>
        since === undefined ? [reason] : [reason, since],
      ),
    ).toEqual(expected);
  });

  it('hands over what the words need', () => {
    const lastGatedRun = gated(false, { endTime: 2_000 });
    const error = failure('UNREACHABLE');
    expect(
      getMlflowAttention({
        references: {
          experiments: [],
          experimentIds: [],
          registeredModels: [],
        },
        instances: ['eu'],
        experiments: [],
        registeredModels: [],
        champion,
        lastGatedRun,
        errors: [error],
      }),
    ).toEqual([
      {
        reason: 'gate-failed',
        since: 2_000,
        run: lastGatedRun,
        version: champion,
      },
      { reason: 'instance-unavailable', since: 5, error },
    ]);
  });
});
