// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { triageReportSchema } from '@greenroom/plugin-triage-common';
import { main } from './main';

const ALERT = {
  version: '4',
  status: 'firing',
  groupLabels: { namespace: 'llm' },
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'PodNotReady', namespace: 'llm', pod: 'chat-0' },
      annotations: {},
      startsAt: '2026-05-04T10:00:00Z',
    },
  ],
};

describe('triage alert', () => {
  let folder: string;
  let out: string;
  let error: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'alert-'));
    out = '';
    error = '';
    jest.spyOn(process.stdout, 'write').mockImplementation(text => {
      out += String(text);
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation(text => {
      error += String(text);
      return true;
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  const put = async (name: string, value: unknown) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      typeof value === 'string' ? value : JSON.stringify(value),
    );
  };

  it('prints the report of a folder, as JSON and as Markdown', async () => {
    await put('alert.json', ALERT);
    await put('objects.json', {
      kind: 'List',
      items: [
        {
          kind: 'Pod',
          metadata: { name: 'chat-0', namespace: 'llm' },
          spec: { containers: [{ name: 'server', image: 'vllm:1' }] },
          status: {
            containerStatuses: [
              {
                name: 'server',
                lastState: { terminated: { exitCode: 1, reason: 'Error' } },
              },
            ],
          },
        },
      ],
    });
    await put('metrics.json', [
      { expr: 'up', series: [{ metric: {}, values: [[1777888800, '1']] }] },
    ]);
    await put(
      'logs/chat-0_server.previous.txt',
      'INFO starting\nValueError: No available memory for the cache blocks. Try increasing gpu_memory_utilization.\n',
    );
    await put('logs/notes', 'x');
    expect(await main(['alert', '--dir', folder, '--json'])).toBe(0);
    const report = triageReportSchema.parse(JSON.parse(out));
    expect(report.failure).toMatchObject({ rule: 'line-kv-cache' });
    expect(report.rootCause).toMatchObject({
      outcome: 'identified',
      evidence: [{ source: 'chat-0_server.previous.txt', line: 2 }],
    });
    expect(report.errors).toEqual([
      expect.objectContaining({ source: 'notes' }),
    ]);
    out = '';
    expect(await main(['alert', '--dir', folder, '--markdown'])).toBe(0);
    expect(out).toMatch(
      /### `PodNotReady`: `ValueError: [^`\n]+`, on `llm\/chat`/,
    );
  });

  it('uses what is there, and names what is missing or malformed', async () => {
    await put('alert.json', ALERT);
    await put('objects.json', '{ not json');
    expect(await main(['alert', '--dir', folder, '--json'])).toBe(0);
    const { errors, rootCause } = triageReportSchema.parse(JSON.parse(out));
    expect(rootCause.outcome).toBe('inconclusive');
    expect(errors.map(({ source, code }) => [source, code])).toEqual([
      ['objects.json', 'malformed'],
      ['metrics.json', 'missing'],
    ]);
  });

  it.each([
    [[], /--dir/],
    [['--dir', 'no-such-folder'], /no-such-folder/],
    [['--dir', '.', '--json', '--markdown'], /not both/],
    [['--dir', '.', '--budget', 'x'], /--budget/],
    [['--what'], /--what/],
  ])('refuses %j with exit code 2', async (args, message) => {
    expect(await main(['alert', ...args])).toBe(2);
    expect(error).toMatch(message);
  });

  it('says which field of the alert is wrong', async () => {
    await put('alert.json', { ...ALERT, version: '3' });
    expect(await main(['alert', '--dir', folder])).toBe(2);
    expect(error).toMatch(/alert\.json .*version/);
  });
});
