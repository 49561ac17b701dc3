// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, eventOf } from './__testUtils__/alertCase';

const REVISION = 'chat-predictor-00004';
const POD = `${REVISION}-deployment-5bb7f9c84d-t2vhw`;
const started = (minutes: number, container: string) => ({
  ...eventOf(
    minutes,
    'Started',
    { kind: 'Pod', name: POD, namespace: 'llm' },
    `Started container ${container}`,
  ),
  type: 'Normal',
});

const late = ({
  annotations = {},
  status = {},
  log = [
    `${at(-20)} INFO Loading weights of the model: shard 3 of 9`,
    `${at(-12)} INFO received SIGTERM, shutting down`,
  ],
}: {
  annotations?: object;
  status?: object;
  log?: string[];
}) =>
  alertCase({
    labels: { namespace: 'llm', inferenceservice: 'chat', revision: REVISION },
    summary: 'InferenceService chat is not ready',
    objects: [
      {
        kind: 'Revision',
        metadata: {
          name: REVISION,
          namespace: 'llm',
          creationTimestamp: at(-27),
          annotations,
        },
        status: {
          conditions: [
            {
              type: 'Active',
              status: 'False',
              reason: 'NoTraffic',
              message: 'The target is not receiving traffic.',
              lastTransitionTime: at(-12),
            },
            {
              type: 'Ready',
              status: 'False',
              reason: 'ProgressDeadlineExceeded',
              message: 'Initial scale was never achieved',
              lastTransitionTime: at(-12),
            },
          ],
        },
      },
      {
        kind: 'Pod',
        metadata: { name: POD, namespace: 'llm', creationTimestamp: at(-27) },
        spec: { containers: [{ name: 'kserve-container', image: 'vllm:1' }] },
        status: {
          containerStatuses: [
            { name: 'kserve-container', ready: false, ...status },
          ],
        },
      },
      started(-27, 'storage-initializer'),
      started(-21, 'kserve-container'),
    ],
    logs: { [`${POD}_kserve-container`]: log },
  });

describe('progressDeadlineCauses', () => {
  it('names the deadline, and how long download and load took', async () => {
    const { failure, rootCause, nextSteps } = await createAlertReport(late({}));
    expect(rootCause.outcome).toBe('identified');
    expect(failure.rule).toBe('progress-deadline');
    expect(failure.reason).toMatch(
      /deadline \(600s, the default\)[\s\S]*download took 6 min[\s\S]*loading for 9 min/,
    );
    expect(nextSteps[0].text).toContain(
      'serving.knative.dev/progress-deadline',
    );

    const annotated = await createAlertReport(
      late({ annotations: { 'serving.knative.dev/progress-deadline': '15m' } }),
    );
    expect(annotated.failure.reason).toContain(
      '(15m, annotation serving.knative.dev/progress-deadline)',
    );
  });

  it.each([
    [
      'the container ended by itself',
      { lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
    ],
    [
      'its image cannot be pulled',
      { state: { waiting: { reason: 'ImagePullBackOff' } } },
    ],
  ])('is not the cause where %s', async (_, status) => {
    const { failure } = await createAlertReport(late({ status }));
    expect(failure.rule).not.toBe('progress-deadline');
  });
});
