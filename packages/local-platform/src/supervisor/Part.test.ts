// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from '../../bootstrap/ports.mjs';
import { Part, PartOptions } from './Part';
import {
  StandInOptions,
  livingPids,
  standInServer,
  waitFor,
} from './__testUtils__/standInServer';

describe('Part', () => {
  let folder: string;
  let port: number;
  let told: string[];
  const parts: Part[] = [];

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-part-'));
    port = await findFreePort();
    told = [];
  });

  afterEach(async () => {
    await Promise.all(parts.splice(0).map(part => part.stop()));
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const answers = async (signal?: AbortSignal) =>
    (await fetch(`http://127.0.0.1:${port}`, { signal })).ok;

  const makePart = (
    standIn: Partial<StandInOptions> = {},
    options: Partial<PartOptions> = {},
  ) => {
    const part = new Part({
      id: 'stand-in',
      spec: () => standInServer({ folder, port, ...standIn }),
      check: answers,
      timeoutMs: 20_000,
      stateDir: folder,
      tell: message => told.push(message),
      backoffMs: [10, 10, 10],
      ...options,
    });
    parts.push(part);
    return part;
  };

  const recordFile = () => path.join(folder, 'run', 'stand-in.json');

  it('is ready when it answers, and stop ends it with what it has started, also what will not go', async () => {
    const part = makePart({ stubborn: true, grandchild: true });
    await part.start();
    expect(await answers()).toBe(true);
    expect(livingPids(folder)).toHaveLength(2);
    const recorded = JSON.parse(fs.readFileSync(recordFile(), 'utf8'));
    expect(recorded.map((record: { pid: number }) => record.pid)).toEqual(
      livingPids(folder),
    );

    await part.stop();

    await waitFor(() => livingPids(folder).length === 0);
    await expect(answers()).rejects.toThrow();
    expect(fs.existsSync(recordFile())).toBe(false);
    expect(told).toEqual([]);
  }, 40_000);

  it('is started again when it ends by itself, and says so', async () => {
    const part = makePart();
    await part.start();
    const [first] = livingPids(folder);

    process.kill(first, 'SIGKILL');
    await waitFor(() => told.includes('The stand-in answers again.'));

    expect(told[0]).toMatch(
      /^The stand-in ended by SIGKILL; starting it again \(1 of 3\)\. Log: .*stand-in\.log$/,
    );
    expect(await answers()).toBe(true);
    const [second] = livingPids(folder);
    expect(second).not.toBe(first);
    expect(fs.readFileSync(recordFile(), 'utf8')).toContain(`${second}`);
  }, 40_000);

  it('is given up after three tries, with the last words of its log', async () => {
    const part = makePart({ failsWith: 7 });
    await part.start();
    fs.writeFileSync(path.join(folder, 'broken'), '');
    process.kill(livingPids(folder)[0], 'SIGTERM');

    const problem = await part.failed;

    expect(told.map(line => /\d of 3/.exec(line)?.[0])).toEqual([
      '1 of 3',
      '2 of 3',
      '3 of 3',
    ]);
    expect(problem.message).toBe(
      'The stand-in ended while it started (exit code 7).',
    );
    expect(problem.detail).toEqual(['Error: the disk is on fire']);
    expect(problem.log).toBe(path.join(folder, 'stand-in.log'));
    expect(livingPids(folder)).toEqual([]);
  }, 40_000);

  it('that cannot start fails at once with its last words; one that never answers, or says it never will, is ended', async () => {
    fs.writeFileSync(path.join(folder, 'broken'), '');
    await expect(makePart({ failsWith: 3 }).start()).rejects.toMatchObject({
      name: 'Problem',
      message: 'The stand-in ended while it started (exit code 3).',
      detail: ['Error: the disk is on fire'],
    });
    fs.rmSync(path.join(folder, 'broken'));

    const never = { check: async () => false };
    await expect(
      makePart({}, { ...never, timeoutMs: 300 }).start(),
    ).rejects.toThrow(/did not answer within/);
    await expect(
      makePart({}, { ...never, fatal: /listening/ }).start(),
    ).rejects.toThrow('The stand-in could not start.');
    await expect(
      makePart(
        {},
        {
          spec: () => ({
            ...standInServer({ folder, port }),
            command: path.join(folder, 'no-such-program'),
          }),
        },
      ).start(),
    ).rejects.toThrow(/no-such-program/);
    await waitFor(() => livingPids(folder).length === 0);
  }, 40_000);

  it('stopped while it starts or waits for its next try, stays stopped', async () => {
    const starting = makePart({}, { check: async () => false });
    const start = starting.start();
    start.catch(() => {});
    await waitFor(() => livingPids(folder).length === 1);
    await starting.stop();
    await expect(start).rejects.toThrow(/abort/i);
    expect(livingPids(folder)).toEqual([]);

    const waiting = makePart({}, { backoffMs: [3_600_000] });
    await waiting.start();
    process.kill(livingPids(folder)[0], 'SIGKILL');
    await waitFor(() => told.length === 1);
    await waiting.stop();
    expect(livingPids(folder)).toEqual([]);
  }, 40_000);
});
