// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, seriesOf } from './__testUtils__/alertCase';

const POD = 'chat-6c9d7f5b84-k2x9v';

const full = ({
  image = 'vllm/vllm-openai:v0.20.1',
  args = ['--gpu-memory-utilization=0.85'],
  memoryAt = () => 0.86,
  cacheAt = () => 0.1,
  waitingAt = () => 0,
  log = 'INFO started',
}: {
  image?: string;
  args?: string[];
  memoryAt?: (minute: number) => number;
  cacheAt?: (minute: number) => number;
  waitingAt?: (minute: number) => number;
  log?: string;
}) =>
  alertCase({
    labels: { alertname: 'GpuMemoryHigh', namespace: 'llm', pod: POD },
    summary: 'GPU memory above 80 %',
    expr: 'DCGM_FI_DEV_FB_USED / DCGM_FI_DEV_FB_TOTAL > 0.8',
    objects: [
      {
        kind: 'Pod',
        metadata: { name: POD, namespace: 'llm', creationTimestamp: at(-600) },
        spec: {
          containers: [
            {
              name: 'server',
              image,
              args,
              resources: { limits: { 'nvidia.com/gpu': '1' } },
            },
          ],
        },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ name: 'server', ready: true, restartCount: 0 }],
        },
      },
    ],
    logs: { [`${POD}_server`]: [`${at(-20)} ${log}`] },
    metrics: [
      seriesOf(
        'DCGM_FI_DEV_FB_USED / DCGM_FI_DEV_FB_TOTAL',
        { pod: POD },
        memoryAt,
      ),
      seriesOf('vllm:kv_cache_usage_perc', { pod: POD }, cacheAt),
      seriesOf('vllm:num_requests_waiting', { pod: POD }, waitingAt),
    ],
  });

describe('reservedMemoryCauses', () => {
  it('is a false alarm where a server took what it was told to take', async () => {
    const { failure, rootCause } = await createAlertReport(full({}));
    expect(rootCause.outcome).toBe('identified');
    expect(failure).toMatchObject({
      rule: 'gpu-memory-reserved',
      type: 'false-alarm',
    });
    expect(failure.reason).toMatch(
      /vLLM reserves[\s\S]*gpu_memory_utilization 0\.85[\s\S]*at most 10 %/,
    );
  });

  it.each([
    ['it grows', { memoryAt: (minute: number) => 0.86 + minute * 0.001 }],
    ['the KV cache is full', { cacheAt: () => 0.97 }],
    [
      'requests wait',
      { waitingAt: (minute: number) => (minute < -30 ? 0 : 12) },
    ],
    [
      'memory ran out',
      { log: 'ERROR torch.OutOfMemoryError: CUDA out of memory.' },
    ],
    [
      'JAX was told not to',
      {
        image: 'own/jax:1',
        args: ['XLA_PYTHON_CLIENT_PREALLOCATE=false'],
        memoryAt: () => 0.75,
      },
    ],
    ['the server takes what it needs', { image: 'own/server:1', args: [] }],
  ])('is none where %s', async (_, more) => {
    const { failure } = await createAlertReport(full(more));
    expect(failure.rule).not.toBe('gpu-memory-reserved');
  });
});
