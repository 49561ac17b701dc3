// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at } from './__testUtils__/alertCase';

const POD = 'chat-6c9d7f5b84-k2x9v';
const nodeOf = (name: string, minutes: number, image: string) => ({
  kind: 'Node',
  metadata: {
    name,
    creationTimestamp: at(minutes),
    labels: {
      'nvidia.com/gpu.product': 'NVIDIA-H100',
      'node.example.com/image': image,
    },
  },
});

const crash = (error: string) =>
  alertCase({
    labels: { namespace: 'llm', pod: POD, container: 'server' },
    summary: 'Pod is crash looping.',
    objects: [
      {
        kind: 'Pod',
        metadata: { name: POD, namespace: 'llm', creationTimestamp: at(-60) },
        spec: {
          nodeName: 'hgx-2',
          containers: [{ name: 'server', image: 'chat:2' }],
        },
        status: {
          containerStatuses: [
            {
              name: 'server',
              restartCount: 4,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
            },
          ],
        },
      },
      nodeOf('hgx-1', -90_000, '2026.1'),
      nodeOf('hgx-2', -120, '2026.4'),
    ],
    logs: { [`${POD}_server`]: [`${at(-5)} ERROR ${error}`] },
  });

describe('fabricManagerCauses', () => {
  it.each([
    'RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 802: system not yet initialized',
    'cuInit failed: CUDA_ERROR_SYSTEM_NOT_READY',
  ])('explains %s, and what is new of the node', async error => {
    const { failure, rootCause, nextSteps } = await createAlertReport(
      crash(error),
    );
    expect(rootCause.outcome).toBe('identified');
    expect(failure).toMatchObject({
      rule: 'fabric-manager',
      type: 'infrastructure',
    });
    expect(failure.reason).toMatch(
      /Fabric Manager[\s\S]*hgx-2[\s\S]*2 h before the alert[\s\S]*image is 2026\.4, on hgx-1 2026\.1/,
    );
    expect(nextSteps[0].text).toContain('nvidia-fabricmanager');
  });

  it('leaves other errors of CUDA and of systems alone', async () => {
    for (const error of [
      'RuntimeError: CUDA error 803: system has unsupported display driver / cuda driver combination',
      'HTTP status 802 of the upstream',
    ]) {
      const { failure } = await createAlertReport(crash(error));
      expect(failure.rule).not.toBe('fabric-manager');
    }
  });
});
