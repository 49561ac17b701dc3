import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { bufferInput } from '../input/bufferInput';
import { countTokens } from '../../evidence/reduce/countTokens';
import { fileInput } from '../input/fileInput';
import { LogLineDecoder } from './LogLineDecoder';
import { plainText } from '../../text/plainText';
import { readLines } from './readLines';
import type { LogLine } from '../types';

const MAX_LINE = 64 * 1024;

function decode(...chunks: Uint8Array[]): LogLine[] {
  const lines: LogLine[] = [];
  const decoder = new LogLineDecoder(line => lines.push(line));
  chunks.forEach(chunk => decoder.write(chunk));
  decoder.end();
  return lines;
}

function cutAt(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const ends = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...ends].map((start, i) => bytes.slice(start, ends[i]));
}

/** How the scorer in eval/log-reduction/score.mjs splits, word for word. */
function scorersLines(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') {
    lines.pop();
  }
  return lines;
}

const TIMESTAMP =
  /^(?:[^\t]*\t[^\t]*\t)?\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/;
// Not the scorer's: to that, `[main]` and `[G` are codes that lost their ESC.
// eslint-disable-next-line no-control-regex
const ANSI = /\x1b\[[0-9;]*[mKG]|\[\d[0-9;]*[mKG]/g;
const scorersPlain = (line: string) =>
  line.replace(TIMESTAMP, '').replace(ANSI, '');

/** Bytes as logs have them: pieces that the rules are about, and any others. */
const logBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\t',
        '\ufeff',
        '2024-05-06T07:08:09.1234567Z ',
        '2024-05-06T07:08:09.1Z',
        '2024-05-06T07:08:09.Z ',
        'job\tstep\t',
        '\x1b[31;1m',
        '[0K',
        '\x1b[[0m',
        '##[error]',
        'é日😀',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.uint8Array({ maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map(parts =>
    Buffer.concat(
      parts.map(part =>
        typeof part === 'string' ? Buffer.from(part) : Buffer.from(part),
      ),
    ),
  )
  .filter(
    bytes => !['feff', 'fffe'].includes(bytes.subarray(0, 2).toString('hex')),
  );

describe('LogLineDecoder', () => {
  it('sees the lines of the scorer, wherever the pieces of the bytes end', () => {
    fc.assert(
      fc.property(
        logBytes,
        fc.array(fc.nat(400), { maxLength: 12 }),
        (bytes, cuts) => {
          const wanted = scorersLines(bytes).map(scorersPlain);
          const lines = decode(...cutAt(bytes, cuts));
          expect(lines.map(line => line.number)).toEqual(
            wanted.map((_, i) => i + 1),
          );
          // The scorer keeps a byte order mark that no time stamp follows.
          expect(lines.map(line => line.text)).toEqual(
            wanted.map((text, i) => (i ? text : text.replace(/^\ufeff/, ''))),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['utf-16le', [0xff, 0xfe], (text: string) => Buffer.from(text, 'utf16le')],
    [
      'utf-16be',
      [0xfe, 0xff],
      (text: string) => Buffer.from(text, 'utf16le').swap16(),
    ],
  ])('reads %s by its byte order mark', (_, mark, encode) => {
    const bytes = Buffer.concat([
      Buffer.from(mark),
      encode('2024-05-06T07:08:09.1234567Z Größe\r\n日本😀\n'),
    ]);
    const wanted = [
      { number: 1, text: 'Größe' },
      { number: 2, text: '日本😀' },
    ];
    expect(decode(bytes)).toEqual(wanted);
    expect(decode(...[...bytes].map(byte => Uint8Array.of(byte)))).toEqual(
      wanted,
    );
  });

  it('takes what is too short to have an encoding', () => {
    expect(decode()).toEqual([]);
    expect(decode(Buffer.from('a'))).toEqual([{ number: 1, text: 'a' }]);
    expect(decode(Buffer.from('\ufeff'))).toEqual([{ number: 1, text: '' }]);
    expect(decode(Uint8Array.of(0xff))).toEqual([
      { number: 1, text: '\ufffd' },
    ]);
  });

  it('cuts a line that is too long, says how long it was, and goes on', () => {
    const piece = Buffer.alloc(MAX_LINE - 1, 'x');
    const long = Array.from({ length: 64 }, () => piece);
    const lines = decode(
      Buffer.from('first\n'),
      ...long,
      Buffer.from('\r\nlast'),
    );
    expect(lines).toEqual([
      { number: 1, text: 'first' },
      {
        number: 2,
        text: 'x'.repeat(MAX_LINE),
        cutFrom: 64 * (MAX_LINE - 1),
      },
      { number: 3, text: 'last' },
    ]);
    expect(decode(Buffer.concat(long))[0].text).toHaveLength(MAX_LINE);
    expect(decode(Buffer.alloc(MAX_LINE, 'x'))[0].cutFrom).toBeUndefined();
  });

  it.each(['a', ' ', '.', '=', '0', '[', '\x1b[', '\t', 'a=', '2024-', '[0;'])(
    'reads 4 MB of %j in a line and of short lines of it',
    unit => {
      const line = unit.repeat(MAX_LINE / unit.length);
      const bytes = Buffer.from(`${line}\n`.repeat(64));
      expect(decode(bytes)).toHaveLength(64);
      expect(decode(Buffer.from(`${unit}\n`.repeat(100_000)))).toHaveLength(
        100_000,
      );
    },
  );
});

describe('plainText', () => {
  it.each([
    ['2024-05-06T07:08:09.1234567Z ##[error]Oops', '##[error]Oops'],
    ['build\tRun tests\t2024-05-06T07:08:09.1234567Z ok', 'ok'],
    ['build\tRun tests\t\ufeff2024-05-06T07:08:09.1234567Z ok', 'ok'],
    ['\x1b[31mred\x1b[0m [0Klost [INFO] [33;1mx', 'red lost [INFO] x'],
    ['[main] INFO [Kafka] [mini.rb:4]', '[main] INFO [Kafka] [mini.rb:4]'],
    ['a\tb\tc', 'a\tb\tc'],
    ['2024-05-06 07:08:09 kept', '2024-05-06 07:08:09 kept'],
    ['', ''],
  ])('%j is %j', (line, plain) => {
    expect(plainText(line)).toBe(plain);
  });
});

describe('countTokens', () => {
  it('is a quarter of the characters and one for the end', () => {
    expect(['', 'abc', 'abcd', '😀😀'].map(countTokens)).toEqual([1, 1, 2, 2]);
  });
});

describe('inputs', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'greenroom-lines-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('read a file and memory alike, more than once, and only as far as asked', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `line ${i + 1}`);
    const path = join(directory, '5_Run tests.txt');
    await writeFile(path, text.join('\r\n'));
    const inputs = [
      fileInput(path),
      bufferInput(text.join('\n'), '5_Run tests.txt'),
      bufferInput(Buffer.from(text.join('\r')), '5_Run tests.txt'),
    ];
    for (const input of inputs) {
      expect(input.source).toBe('5_Run tests.txt');
      const all = [];
      for await (const line of readLines(input)) {
        all.push(line.text);
      }
      expect(all).toEqual(text);
      const some = [];
      for await (const line of readLines(input, 49_998, 49_999)) {
        some.push(line);
      }
      expect(some).toEqual([
        { number: 49_998, text: 'line 49998' },
        { number: 49_999, text: 'line 49999' },
      ]);
    }
  });

  it('stops reading after the last line that is wanted', async () => {
    let pieces = 0;
    const endless = {
      source: 'endless',
      async *open() {
        while (pieces < 1000) {
          pieces += 1;
          yield Buffer.from('line\n');
        }
      },
    };
    const lines = [];
    for await (const line of readLines(endless, 2, 3)) {
      lines.push(line.number);
    }
    expect(lines).toEqual([2, 3]);
    expect(pieces).toBe(3);
  });

  it('names a file that is not there', async () => {
    await expect(
      readLines(fileInput(join(directory, 'none.log'))).next(),
    ).rejects.toThrow('none.log');
  });
});
