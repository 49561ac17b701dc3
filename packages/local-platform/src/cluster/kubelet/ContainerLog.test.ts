// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ContainerLog, LogLine } from './ContainerLog';
import { readLog, tailOfLog } from './readLog';

let dir: string;
let file: string;

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'container-log-'));
  file = path.join(dir, '0.log');
});

afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const texts = (lines: LogLine[]) => lines.map(({ text }) => text);

it('keeps lines of both streams whole, however their bytes come', async () => {
  const log = new ContainerLog(file);
  const followed: LogLine[] = [];
  let ended = false;
  log.follow(
    line => followed.push(line),
    () => {
      ended = true;
    },
  );
  const bytes = Buffer.from('größer\nzwei\n');
  log.write('stdout', bytes.subarray(0, 3));
  log.write('stderr', Buffer.from('er\rror\r\nun'));
  log.write('stdout', bytes.subarray(3));
  log.write('stderr', Buffer.from('finished'));
  log.end();
  log.write('stdout', Buffer.from('too late\n'));
  expect(ended).toBe(true);
  expect(texts(followed)).toEqual([
    'er\rror\r',
    'größer',
    'zwei',
    'unfinished',
  ]);
  expect(await readLog(file, {})).toEqual(followed);
  expect(followed.map(({ stream }) => stream)).toEqual([
    'stderr',
    'stdout',
    'stdout',
    'stderr',
  ]);
  expect(fs.statSync(file).mode & 0o077).toBe(0);
});

it('cuts a line without end into parts, which count as one', async () => {
  const log = new ContainerLog(file);
  log.write('stdout', Buffer.from('first\n'));
  log.write('stdout', Buffer.alloc(40_000, 'x'));
  log.write('stdout', Buffer.from('\nlast\n'));
  const lines = await readLog(file, { tailLines: 2 });
  expect(lines.map(({ complete }) => complete)).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(await tailOfLog(file, 2, 100_000)).toBe(
    `${'x'.repeat(40_000)}\nlast\n`,
  );
  expect(await tailOfLog(file, 2, 8)).toBe('xx\nlast\n');
  log.end();
});

it('is never longer than two files, and keeps the newest lines', async () => {
  const log = new ContainerLog(file, 10_000);
  for (let count = 1; count <= 2_000; count += 1) {
    log.write('stdout', Buffer.from(`line ${count}\n`));
  }
  log.end();
  expect(fs.readdirSync(dir).sort()).toEqual(['0.log', '0.log.1']);
  expect(fs.statSync(file).size).toBeLessThanOrEqual(10_000);
  expect(fs.statSync(`${file}.1`).size).toBeLessThanOrEqual(10_000);
  const lines = texts(await readLog(file, {}));
  expect(lines.length).toBeGreaterThan(200);
  expect(lines.at(-1)).toBe('line 2000');
  expect(lines).toEqual(
    lines.map((_, index) => `line ${2001 - lines.length + index}`),
  );
  expect(texts(await readLog(file, { tailLines: 0 }))).toEqual([]);
});
