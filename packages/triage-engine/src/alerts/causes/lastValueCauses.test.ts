// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, seriesOf } from './__testUtils__/alertCase';

const xid = ({
  code = 31,
  remapped = 0,
  since = -90,
  toldAt = -900,
}: {
  code?: number;
  remapped?: number;
  since?: number;
  toldAt?: number;
}) =>
  alertCase({
    labels: { alertname: 'GpuXid', Hostname: 'gpu-1', gpu: '2' },
    summary: 'GPU 2 of gpu-1 reports an XID error',
    expr: 'DCGM_FI_DEV_XID_ERRORS > 0',
    objects: [
      {
        kind: 'PrometheusRule',
        metadata: { name: 'gpu-rules', creationTimestamp: at(-10) },
        spec: {
          groups: [
            {
              name: 'gpu',
              rules: [{ alert: 'GpuXid', expr: 'DCGM_FI_DEV_XID_ERRORS > 0' }],
            },
          ],
        },
      },
    ],
    logs: {
      'npd-abcde_npd': [
        `${at(toldAt)} kernel: NVRM: Xid (PCI:0000:5d:00): ${code}, pid=42, name=python`,
      ],
    },
    metrics: [
      seriesOf('DCGM_FI_DEV_XID_ERRORS', { gpu: '2' }, minute =>
        minute < since ? 0 : code,
      ),
      seriesOf('DCGM_FI_DEV_GPU_UTIL', { gpu: '2' }, () => 60),
      seriesOf(
        'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS',
        { gpu: '2' },
        () => remapped,
      ),
    ],
  });

describe('lastValueCauses', () => {
  it('is a false alarm where the gauge keeps an XID of long ago', async () => {
    const { failure, rootCause } = await createAlertReport(xid({}));
    expect(rootCause.outcome).toBe('identified');
    expect(failure).toMatchObject({
      rule: 'gauge-keeps-last-value',
      type: 'false-alarm',
    });
    expect(failure.reason).toMatch(
      /15 h old[\s\S]*gpu-rules was added 10 min before/,
    );
  });

  it.each([
    ['the GPU itself is broken', { code: 79 }],
    ['rows were remapped', { remapped: 1 }],
    ['it came just now', { since: -8, toldAt: -8 }],
    ['it came again', { toldAt: -5 }],
  ])('is none where %s', async (_, more) => {
    const { failure } = await createAlertReport(xid(more));
    expect(failure.type).not.toBe('false-alarm');
  });
});
