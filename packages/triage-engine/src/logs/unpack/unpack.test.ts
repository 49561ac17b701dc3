import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import yazl from 'yazl';
import { packagePath } from '../../__testUtils__/packagePath';
import { LogLineDecoder } from '../lines/LogLineDecoder';
import type { LogInput, LogLine } from '../types';
import { archiveJobName } from './archiveJobName';
import type { RunLogs } from './types';
import { unpackReports } from './unpackReports';
import { unpackRunLogs } from './unpackRunLogs';

// A bomb is unpacked up to its limit, which takes a busy machine longer than 5 s.
jest.setTimeout(60_000);

const FIXTURES = packagePath('src/logs/unpack/__fixtures__');
const fixture = (name: string) => readFileSync(path.join(FIXTURES, name));

let folder: string;
const opened: RunLogs[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'unpack-'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(logs => logs.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Array<[name: string, content: string | Buffer]>;

async function zip(files: Files, compress = true): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const [name, content] of files) {
    archive.addBuffer(Buffer.from(content), name, { compress });
  }
  archive.end();
  return buffer(archive.outputStream);
}

/** An archive as no tool writes it: names and flags as they are given. */
function rawZip(
  files: Array<{
    name: string;
    content: Buffer;
    method?: number;
    flags?: number;
    mode?: number;
    size?: number;
  }>,
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    content,
    method = 8,
    flags = 0,
    mode = 0,
    size,
  } of files) {
    const data = method === 8 ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(size ?? content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      common,
      Buffer.from(name),
      data,
    ]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(mode * 65536, 6);
    central.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.from('PK\u0001\u0002'),
      // Made on Unix, so that the mode counts.
      Buffer.from([20, 3]),
      common,
      central,
      Buffer.from(name),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

async function unpack(
  file: string | Uint8Array,
  options?: Parameters<typeof unpackRunLogs>[1],
): Promise<RunLogs> {
  const logs = await unpackRunLogs(file, options);
  opened.push(logs);
  return logs;
}

async function text(log: LogInput): Promise<string> {
  return (await buffer(log.open())).toString('utf8');
}

async function lines(log: LogInput): Promise<LogLine[]> {
  const found: LogLine[] = [];
  const decoder = new LogLineDecoder(line => found.push(line));
  for await (const piece of log.open()) {
    decoder.write(piece);
  }
  decoder.end();
  return found;
}

/** Jobs and steps without their content. */
function outline(logs: RunLogs) {
  return logs.jobs.map(({ name, steps }) => [
    name,
    ...steps.map(step => `${step.number} ${step.name} ${step.lines ?? '-'}`),
  ]);
}

const codes = (logs: RunLogs) => logs.errors.map(({ code }) => code);

let tick = 0;
/** Lines as the runner writes them, each with a time stamp of its own. */
function stamped(...texts: string[]): string {
  return texts
    .map(each => {
      tick += 1;
      return `2026-11-21T08:00:00.${String(tick).padStart(7, '0')}Z ${each}\n`;
    })
    .join('');
}

const setUp = () => stamped('Current runner version: 2.330.0', 'Prepare');
const checkout = () =>
  stamped(
    '##[group]Run actions/checkout@v4',
    'with:',
    '  fetch-depth: 1',
    '##[endgroup]',
    'Syncing repository',
  );
const tests = () =>
  stamped(
    '##[group]Run make test',
    '\u001b[36;1mmake test\u001b[0m',
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    '##[group]Run the slow ones',
    'test_a PASSED',
    '##[endgroup]',
    'FAILED tests/test_b.py::test_b',
    '##[error]Process completed with exit code 2.',
  );
const cleanUp = () =>
  stamped('Post job cleanup.', 'git config', 'Cleaning up orphan processes');

describe('the log archive of a run', () => {
  it('has steps, jobs, emoji and what macOS leaves behind', async () => {
    const logs = await unpack(fixture('run_log.zip'));
    expect(logs.errors).toEqual([]);
    expect(logs.jobs.map(({ name, steps }) => [name, steps.length])).toEqual([
      [expect.stringMatching(/^(thisisnineteenchars_){4}thisisnine$/), 1],
      ['ad job', 1],
      ['cool job', 2],
      ['cool job  with slash', 1],
      [expect.stringMatching(/^Emoji Test (😅)+\ufffd$/), 1],
      ['sad job', 2],
      ['cool job  with colon', 1],
    ]);
    // As a job of GitHub's API is called; the archive has shortened it.
    expect(archiveJobName(`Emoji Test ${'😅'.repeat(60)}`)).toBe(
      logs.jobs[4].name,
    );
    expect(archiveJobName('cool job / with slash')).toBe(logs.jobs[3].name);
    const sad = logs.jobs[5];
    expect(sad.steps.map(({ number, name }) => [number, name])).toEqual([
      [1, 'barf the quux'],
      [2, 'quux the barf'],
    ]);
    expect(sad.steps[0].log?.source).toBe('sad job/1_barf the quux.txt');
  });

  it('may have whole jobs beside steps, which are found in them', async () => {
    const parts = [setUp(), checkout(), tests(), cleanUp()];
    const logs = await unpack(
      await zip([
        ['1_lint.txt', stamped('one line')],
        ['0_build _ test.txt', `\ufeff${parts.join('')}`],
        ['build _ test/1_Set up job.txt', `\ufeff${parts[0]}`],
        ['build _ test/2_Run actionscheckout@v4.txt', parts[1]],
        ['build _ test/3_Test.txt', parts[2]],
        ['build _ test/10_Complete job.txt', parts[3]],
        ['build _ test/4_Skipped.txt', ''],
        ['build _ test/system.txt', 'Requested labels: ubuntu-latest\n'],
      ]),
    );
    expect(logs.errors).toEqual([]);
    expect(outline(logs)).toEqual([
      [
        'build _ test',
        '1 Set up job 1,2',
        '2 Run actionscheckout@v4 3,7',
        '3 Test 8,16',
        '4 Skipped -',
        '10 Complete job 17,19',
      ],
      ['lint'],
    ]);
    const [build] = logs.jobs;
    expect(build.log.source).toBe('0_build _ test.txt');
    const all = await lines(build.log);
    expect(all[14].text).toBe('FAILED tests/test_b.py::test_b');
    const located = build.steps.flatMap(({ lines: range, log }) =>
      range && log ? [{ range, log }] : [],
    );
    expect(located).toHaveLength(4);
    for (const { range, log } of located) {
      expect(all.slice(range[0] - 1, range[1]).map(line => line.text)).toEqual(
        (await lines(log)).map(line => line.text),
      );
    }
  });

  it('may have steps only: the job is all of them, with line numbers', async () => {
    const logs = await unpack(
      await zip([
        ['build/2_Test.txt', 'two\r\nthree\rfour'],
        ['build/1_Set up.txt', '\ufeffone\n'],
        ['build/3_Utf16.txt', Buffer.from('\ufefffünf\nsechs', 'utf16le')],
      ]),
    );
    expect(outline(logs)).toEqual([
      ['build', '1 Set up 1,1', '2 Test 2,4', '3 Utf16 5,6'],
    ]);
    expect((await lines(logs.jobs[0].log)).map(line => line.text)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'fünf',
      'sechs',
    ]);
  });

  it('may have jobs only: steps are told from what the runner prints', async () => {
    const whole = [setUp(), checkout(), tests(), cleanUp()].join('');
    const logs = await unpack(
      await zip([
        ['-9223372036854775808_build.txt', whole],
        ['-9223372036854775807_never ran/system.txt', 'Requested labels: x\n'],
        ['waiting/system.txt', 'Requested labels: gpu\n'],
      ]),
    );
    expect(outline(logs)).toEqual([
      [
        'build',
        '1 Set up job 1,2',
        '2 Run actions/checkout@v4 3,7',
        '3 Run make test 8,16',
        '4 Post job cleanup 17,18',
        '5 Complete job 19,19',
      ],
      ['-9223372036854775807_never ran'],
      ['waiting'],
    ]);
  });

  it.each([
    ['around everything', 'logs_42/'],
    ['around a folder around everything', 'downloads/logs_42/'],
  ])('may have a folder %s', async (_, prefix) => {
    const logs = await unpack(
      await zip([
        [`${prefix}0_build.txt`, stamped('a')],
        [`${prefix}build/1_Set up job.txt`, stamped('b')],
      ]),
    );
    expect(logs.jobs.map(({ name }) => name)).toEqual(['build']);
    expect(logs.jobs[0].log.source).toBe(`${prefix}0_build.txt`);
  });

  it('may be unpacked already; links are not followed', async () => {
    const unpacked = path.join(folder, 'unpacked');
    mkdirSync(path.join(unpacked, 'build'), { recursive: true });
    writeFileSync(path.join(unpacked, '0_build.txt'), 'all\n');
    writeFileSync(path.join(unpacked, 'build', '1_Test.txt'), 'all\n');
    symlinkSync('/etc/hostname', path.join(unpacked, 'build', '2_Link.txt'));
    const logs = await unpack(unpacked);
    expect(outline(logs)).toEqual([['build', '1 Test 1,1']]);
    expect(logs.errors).toMatchObject([
      { code: 'symbolic-link', source: 'build/2_Link.txt' },
    ]);
  });

  it('may have jobs of one name, and files of one name', async () => {
    const logs = await unpack(
      await zip([
        ['0_build.txt', 'first\n'],
        ['1_build.txt', 'second\n'],
        ['0_build.txt', 'third\n'],
      ]),
    );
    expect(await Promise.all(logs.jobs.map(({ log }) => text(log)))).toEqual(
      expect.arrayContaining(['first\n', 'second\n', 'third\n']),
    );
    expect(logs.errors).toMatchObject([
      { code: 'duplicate-name', message: expect.stringContaining('(2).txt') },
    ]);
  });
});

describe('a log that is no archive', () => {
  const job = [setUp(), checkout(), tests(), cleanUp()].join('');

  it.each([
    ['its bytes', () => Buffer.from(job)],
    ['in gzip', () => gzipSync(job)],
    [
      'in two members of gzip',
      () =>
        Buffer.concat([gzipSync(job.slice(0, 300)), gzipSync(job.slice(300))]),
    ],
    ['in UTF-16', () => Buffer.from(`\ufeff${job}`, 'utf16le')],
    ['with CRLF', () => Buffer.from(job.replaceAll('\n', '\r\n'))],
    ['with lone CR', () => Buffer.from(job.replaceAll('\n', '\r'))],
  ])('is that of one job: %s', async (_, bytes) => {
    const logs = await unpack(bytes(), { name: 'somewhere/3_build.txt' });
    expect(outline(logs)).toEqual([
      [
        'build',
        '1 Set up job 1,2',
        '2 Run actions/checkout@v4 3,7',
        '3 Run make test 8,16',
        '4 Post job cleanup 17,18',
        '5 Complete job 19,19',
      ],
    ]);
    const all = await lines(logs.jobs[0].log);
    expect(all[14]).toEqual({
      number: 15,
      text: 'FAILED tests/test_b.py::test_b',
    });
    // It can be read as often as needed.
    expect(await lines(logs.jobs[0].log)).toEqual(all);
  });

  it('may be any text, or nothing', async () => {
    expect(
      outline(await unpack(Buffer.from('make: *** [all] Error 1'))),
    ).toEqual([['log']]);
    expect(outline(await unpack(Buffer.alloc(0)))).toEqual([['log']]);
  });

  it('may be what `gh run view --log` printed, of many jobs', async () => {
    const columns = (name: string, step: string, content: string) =>
      content
        .trimEnd()
        .split('\n')
        .map(line => `${name}\t${step}\t${line}`);
    const file = [
      ...columns('build', 'Set up job', `\ufeff${setUp()}`),
      ...columns('build', 'Test it', tests()),
      'a line of its own that a program printed',
      ...columns('lint / py', 'UNKNOWN STEP', setUp()),
      ...columns('lint / py', 'UNKNOWN STEP', checkout()),
      ...columns('build', 'Complete job', cleanUp()),
    ].join('\n');
    const logs = await unpack(Buffer.from(`${file}\n`), { name: 'run.log' });
    expect(outline(logs)).toEqual([
      ['build', '1 Set up job 1,2', '2 Test it 3,12', '3 Complete job 20,22'],
      ['lint / py', '1 Set up job 13,14', '2 Run actions/checkout@v4 15,19'],
    ]);
    // Each job keeps the line numbers of the file.
    const whole = await lines({
      source: 'run.log',
      async *open() {
        yield Buffer.from(file);
      },
    });
    const [build, lint] = await Promise.all(
      logs.jobs.map(({ log }) => lines(log)),
    );
    expect(build[10]).toEqual(whole[10]);
    expect(build[11].text).toBe('a line of its own that a program printed');
    expect(build.slice(12, 19).every(line => line.text === '')).toBe(true);
    expect(build.slice(19)).toEqual(whole.slice(19));
    expect(lint.slice(12)).toEqual(whole.slice(12, 19));
  });

  it.each([
    ['a tar archive', Buffer.from(`${'x'.repeat(257)}ustar`), 'nested-archive'],
    ['a picture', Buffer.from('\u0089PNG\u0000\u0001'), 'not-a-log'],
    ['a zip archive in gzip', () => zip([['a.txt', 'a']]), 'nested-archive'],
  ])('is said to be none: %s', async (_, content, code) => {
    const bytes =
      typeof content === 'function' ? gzipSync(await content()) : content;
    const logs = await unpack(bytes, { name: 'file' });
    expect(logs.jobs).toEqual([]);
    expect(logs.errors).toMatchObject([{ stage: 'unpack', code }]);
  });

  it('has to exist', async () => {
    await expect(
      unpackRunLogs(path.join(folder, 'nowhere.zip')),
    ).rejects.toThrow(/nowhere\.zip/);
  });
});

describe('hostile archives', () => {
  it('cannot name what lies elsewhere', async () => {
    const content = Buffer.from('secret');
    const logs = await unpack(
      rawZip([
        { name: '../escape.txt', content },
        { name: 'a/../../escape.txt', content },
        { name: '..\\more.txt', content },
        { name: '/etc/passwd.txt', content },
        { name: 'C:\\windows.txt', content },
        { name: 'line\nbreak.txt', content },
        { name: 'link.txt', content, mode: 0o120777 },
        { name: '0_good.txt', content },
      ]),
    );
    expect(outline(logs)).toEqual([['good']]);
    expect(logs.errors.map(({ code, source }) => [code, source])).toEqual([
      ['unsafe-path', '../escape.txt'],
      ['unsafe-path', 'a/../../escape.txt'],
      ['unsafe-path', '../more.txt'],
      ['unsafe-path', '/etc/passwd.txt'],
      ['unsafe-path', 'C:/windows.txt'],
      ['unsafe-path', 'line\\nbreak.txt'],
      ['symbolic-link', 'link.txt'],
    ]);
    const slip = await unpack(fixture('zip-slip.zip'));
    expect(slip.errors).toContainEqual(
      expect.objectContaining({ code: 'unsafe-path', source: '../LICENSE' }),
    );
  });

  it('are not unpacked in one another, whatever they are called', async () => {
    const inner = await zip([['0_build.txt', 'inner']]);
    const logs = await unpack(
      await zip([
        ['logs.zip', inner],
        ['0_build.txt', inner],
        ['1_test.txt', gzipSync('inner')],
        ['2_model.txt', Buffer.from([1, 0, 2])],
        ['picture.png', 'x'],
        ['3_fine.txt', 'fine'],
      ]),
    );
    expect(outline(logs)).toEqual([['fine']]);
    expect(codes(logs)).toEqual([
      'nested-archive',
      'nested-archive',
      'nested-archive',
      'not-a-log',
      'not-a-log',
    ]);
  });

  it('do not grow without end, whatever their headers say', async () => {
    const zeros = Buffer.alloc(80 * 1024 * 1024, 0x61);
    const bomb = await unpack(
      rawZip([
        { name: '0_bomb.txt', content: zeros, size: 100 },
        { name: '1_fine.txt', content: Buffer.from('fine') },
      ]),
    );
    let bytes = 0;
    for await (const piece of bomb.jobs[0].log.open()) {
      bytes += piece.length;
    }
    expect(bytes).toBeLessThan(70 * 1024 * 1024);
    expect(bomb.errors).toMatchObject([
      { code: 'zip-bomb', source: '0_bomb.txt' },
    ]);
    expect(await text(bomb.jobs[1].log)).toBe('fine');
  });

  it('keep to the limits of a file, of all files, and of their number', async () => {
    const archive = await zip([
      ['0_a.txt', 'a'.repeat(1000)],
      ['1_b.txt', 'b'.repeat(1000)],
      ['2_c.txt', 'c'.repeat(1000)],
    ]);
    const file = await unpack(archive, { limits: { maxEntryBytes: 10 } });
    expect(await text(file.jobs[0].log)).toBe('a'.repeat(10));
    expect(codes(file)).toEqual(Array(3).fill('file-too-large'));
    const all = await unpack(archive, { limits: { maxTotalBytes: 2500 } });
    expect((await text(all.jobs[0].log)).length).toBe(1000);
    expect((await text(all.jobs[0].log)).length).toBe(1000);
    expect((await text(all.jobs[2].log)).length).toBeLessThan(1000);
    expect(codes(all)).toEqual(['archive-too-large']);
    const few = await unpack(archive, { limits: { maxEntries: 2 } });
    expect(few.jobs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(codes(few)).toEqual(['too-many-files']);
  });

  it('say what is encrypted or packed in an unknown way', async () => {
    const content = Buffer.from('x');
    const logs = await unpack(
      rawZip([
        { name: '0_secret.txt', content, flags: 1 },
        { name: '1_lzma.txt', content, method: 14 },
        { name: '2_fine.txt', content },
      ]),
    );
    expect(outline(logs)).toEqual([['fine']]);
    expect(codes(logs)).toEqual(['encrypted', 'unknown-compression']);
  });

  it('are read as far as they go', async () => {
    // Text that deflate cannot make small, so that a cut is in the middle of it.
    const long = Array.from({ length: 4000 }, (_, index) =>
      stamped(Math.sin(index).toString(36)),
    ).join('');
    for (const compress of [true, false]) {
      const archive = await zip(
        [
          ['0_build.txt', `${tests()}`],
          ['1_long.txt', long],
          ['2_last.txt', 'never'],
        ],
        compress,
      );
      const cut = await unpack(archive.subarray(0, archive.length * 0.6));
      expect(codes(cut)).toContain('broken-archive');
      expect(cut.jobs.map(({ name }) => name)).toEqual(['build', 'long']);
      expect((await lines(cut.jobs[0].log)).length).toBe(9);
      const kept = await text(cut.jobs[1].log);
      expect(kept.length).toBeGreaterThan(10_000);
      expect(long.startsWith(kept)).toBe(true);
    }
    const broken = await zip([
      ['0_build.txt', long],
      ['1_fine.txt', 'fine'],
    ]);
    broken.fill(0xff, 40_000, 40_100);
    const logs = await unpack(broken);
    await text(logs.jobs[0].log);
    expect(await text(logs.jobs[1].log)).toBe('fine');
    expect(logs.errors).toMatchObject([
      { code: 'broken-content', source: '0_build.txt' },
    ]);
    const cutGzip = await unpack(gzipSync(long).subarray(0, 30_000));
    expect(long.startsWith(await text(cutGzip.jobs[0].log))).toBe(true);
    expect(codes(cutGzip)).toEqual(['broken-content']);
  });

  it('never crash nor hang: any bytes, and archives with changed bytes', async () => {
    const readAll = async (bytes: Uint8Array) => {
      const logs = await unpack(bytes, {
        limits: { maxTotalBytes: 4 * 1024 * 1024 },
      });
      for (const job of logs.jobs) {
        const count = (await lines(job.log)).length;
        const ranges = job.steps.flatMap(step =>
          step.lines ? [step.lines] : [],
        );
        for (const [from, to] of ranges) {
          expect(from).toBeGreaterThanOrEqual(1);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(count);
        }
        for (const { log } of job.steps) {
          await lines(log ?? job.log);
        }
      }
      for (const error of logs.errors) {
        expect(error.message).toBeTruthy();
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        fc.constantFrom('', 'PK\u0003\u0004', '\u001f\u008b\u0008', '\ufeff'),
        (bytes, start) =>
          readAll(Buffer.concat([Buffer.from(start, 'latin1'), bytes])),
      ),
      { numRuns: 300 },
    );
    const archive = await zip([
      ['0_build.txt', tests() + cleanUp()],
      ['build/1_Test.txt', tests()],
      ['build/2_Complete job.txt', cleanUp()],
    ]);
    for (const real of [archive, fixture('run_log.zip')]) {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.tuple(fc.nat(real.length - 1), fc.integer({ min: 0, max: 255 })),
            { maxLength: 8 },
          ),
          fc.nat(real.length),
          fc.boolean(),
          (changes, cut, isCut) => {
            const bytes = Buffer.from(isCut ? real.subarray(0, cut) : real);
            for (const [at, value] of changes) {
              if (at < bytes.length) {
                bytes[at] = value;
              }
            }
            return readAll(bytes);
          },
        ),
        { numRuns: 300 },
      );
    }
  }, 120_000);

  it('counts lines as the decoder of lines does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', 'é', '\t'), {
          maxLength: 60,
        }),
        async content => {
          const bytes = Buffer.from(content.join(''));
          const unpacked = await unpack(
            await zip([
              ['build/1_a.txt', bytes],
              ['build/2_b.txt', 'x'],
            ]),
          );
          const count = (await lines(unpacked.jobs[0].steps[0].log!)).length;
          expect(unpacked.jobs[0].steps[1].lines).toEqual([
            count + 1,
            count + 1,
          ]);
          expect((await lines(unpacked.jobs[0].log)).length).toBe(count + 1);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);
});

it('reads a log of 500 MB out of its archive without holding it', async () => {
  const part = Buffer.from(
    Array.from({ length: 10_000 }, (_, index) =>
      stamped(`step ${index}: ${Math.sin(index)}`),
    ).join(''),
  );
  const parts = Math.ceil((500 * 1024 * 1024) / part.length);
  const file = path.join(folder, 'large.zip');
  const archive = new yazl.ZipFile();
  archive.addReadStream(
    Readable.from(
      (function* repeat() {
        for (let count = 0; count < parts; count++) {
          yield part;
        }
      })(),
    ),
    '0_large.txt',
    { compressionLevel: 1 },
  );
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(file));

  const logs = await unpack(file);
  const before = process.memoryUsage();
  let most = 0;
  let bytes = 0;
  for await (const piece of logs.jobs[0].log.open()) {
    bytes += piece.length;
    const { external, heapUsed } = process.memoryUsage();
    most = Math.max(
      most,
      external - before.external + heapUsed - before.heapUsed,
    );
  }
  expect(logs.errors).toEqual([]);
  expect(bytes).toBe(parts * part.length);
  expect(most).toBeLessThan(150 * 1024 * 1024);
}, 120_000);

describe('the reports of a run', () => {
  const report = '{"results": []}';

  it('are those of a folder, of archives in it, of an archive, or one file', async () => {
    const reports = path.join(folder, 'reports');
    mkdirSync(path.join(reports, 'more'), { recursive: true });
    const archive = rawZip([
      { name: 'bandit.sarif', content: Buffer.from(report) },
      { name: 'coverage.xml', content: Buffer.from('<coverage/>') },
      { name: 'model/model.onnx', content: Buffer.from('weights') },
      { name: '../evil.json', content: Buffer.from(report) },
      { name: 'bundle.json', content: Buffer.from('PK\u0003\u0004') },
    ]);
    writeFileSync(path.join(reports, 'security.zip'), archive);
    writeFileSync(path.join(reports, 'more', 'junit.xml'), '<testsuites/>');
    writeFileSync(path.join(reports, 'broken.zip'), archive.subarray(0, 20));
    const found = await unpackReports(reports);
    expect(
      found.reports.map(({ source, content }) => [
        source,
        Buffer.from(content).toString(),
      ]),
    ).toEqual([
      ['security.zip/bandit.sarif', report],
      ['more/junit.xml', '<testsuites/>'],
    ]);
    expect(found.errors.map(({ code, source }) => [code, source])).toEqual([
      ['broken-archive', 'broken.zip'],
      ['unsafe-path', 'security.zip/../evil.json'],
      ['nested-archive', 'security.zip/bundle.json'],
    ]);
    const one = await unpackReports(path.join(reports, 'security.zip'));
    expect(one.reports.map(({ source }) => source)).toEqual(['bandit.sarif']);
    const odd = path.join(folder, 'scan.report');
    writeFileSync(odd, report);
    expect((await unpackReports(odd)).reports).toMatchObject([
      { source: 'scan.report' },
    ]);
  });

  it('are whole or left out', async () => {
    const file = path.join(folder, 'large.json');
    writeFileSync(file, report);
    expect(await unpackReports(file, { maxEntryBytes: 5 })).toEqual({
      reports: [],
      errors: [
        expect.objectContaining({
          code: 'file-too-large',
          source: 'large.json',
        }),
      ],
    });
    await expect(unpackReports(path.join(folder, 'none'))).rejects.toThrow(
      /none/,
    );
  });
});
