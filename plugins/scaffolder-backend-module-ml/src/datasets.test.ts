// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { createDatasetPrepareAction } from './actions/createDatasetPrepareAction';
import { openUrl } from './services/openTable';

jest.setTimeout(300_000);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let elsewhere: Server;
const answers = new Map<string, Answer>();

const listen = (onRequest: Answer) =>
  new Promise<Server>(resolve => {
    const started: Server = createServer(onRequest)
      .listen(0, '127.0.0.1')
      .once('listening', () => resolve(started));
  });
const portOf = (each: Server) => (each.address() as AddressInfo).port;

beforeAll(async () => {
  server = await listen((request, response) => {
    // A socket that is kept may be closed in the moment in which it is taken again.
    response.setHeader('connection', 'close');
    const answer = answers.get(request.url?.replace(/\?.*/, '') ?? '');
    if (answer) {
      answer(request, response);
    } else {
      response.writeHead(404).end('Not here');
    }
  });
  elsewhere = await listen((_, response) => response.end('a,b\n1,2\n'));
  url = `http://localhost:${portOf(server)}`;
});

afterAll(() => {
  server?.closeAllConnections();
  server?.close();
  elsewhere?.close();
});

const createReader = () =>
  UrlReaders.default({
    config: mockServices.rootConfig({
      data: {
        backend: {
          reading: { allow: [{ host: `localhost:${portOf(server)}` }] },
        },
      },
    }),
    logger: mockServices.logger.mock(),
  });

const directory = createMockDirectory();

/** Runs the action; answers its outputs, its log and what it wrote. */
const prepare = async (data: {
  target?: string;
  task?: 'classification' | 'regression';
  csvUrl?: string;
  csvUrlWithSecret?: string;
  csvUpload?: string;
}) => {
  directory.clear();
  const outputs: JsonObject = {};
  const logger = mockServices.logger.mock();
  const action = createDatasetPrepareAction({ urlReader: createReader() });
  await action.handler({
    ...createMockActionContext({
      input: {
        name: 'churn-model',
        dataset: 'csv',
        target: 'y',
        task: 'classification' as const,
        ...data,
      },
      workspacePath: directory.path,
      logger,
    }),
    output: (key, value) => {
      Object.assign(outputs, { [key]: value });
    },
  });
  const file = (name: string) => {
    const where = path.join(directory.path, name);
    return fs.existsSync(where) ? fs.readFileSync(where) : undefined;
  };
  return {
    outputs,
    log: [...logger.info.mock.calls, ...logger.warn.mock.calls]
      .map(([message]) => message)
      .join('\n'),
    csv: file('data/churn-model.csv'),
    schema: JSON.parse(file('data/schema.json')?.toString() ?? 'null'),
  };
};

const toUpload = (bytes: Buffer) =>
  `data:text/csv;base64,${bytes.toString('base64')}`;

const table = (row: (index: number) => string, rows = 60) =>
  Buffer.from(
    ['größe;x;y', ...Array.from({ length: rows }, (_, i) => row(i)), ''].join(
      '\r\n',
    ),
    'latin1',
  );

const digest = (bytes: Buffer) =>
  createHash('sha256').update(bytes).digest('hex');

describe('a table', () => {
  const bytes = table(
    i =>
      `${i},5;${i % 2 ? 'ja' : 'nein'};${i === 7 ? 'rare' : ['', 2, 1, 2, 1, 2][i % 6]}`,
  );

  it.each(['upload', 'address'])(
    'is kept byte for byte, with its schema, by %s',
    async way => {
      answers.set('/table.csv', (_, response) => response.end(bytes));
      const { outputs, log, csv, schema } = await prepare(
        way === 'upload'
          ? { csvUpload: toUpload(bytes) }
          : { csvUrl: `${url}/table.csv` },
      );
      expect(csv?.equals(bytes)).toBe(true);
      expect(outputs).toEqual({
        dataset: 'csv',
        target: 'y',
        task: 'classification',
        defaultMetric: 'accuracy',
        rows: 60,
        columns: 3,
        features: [
          { name: 'größe', type: 'number', example: 0.5 },
          { name: 'x', type: 'boolean', example: 'ja' },
        ],
        csvFile: 'data/churn-model.csv',
        schemaFile: 'data/schema.json',
        dataUrl: '',
        digest: digest(bytes),
        leaveOut: {},
        keep: {},
        read: {},
        split: { by: 'rows' },
        findings: [
          {
            code: 'small-classes',
            column: 'y',
            message:
              '1 classes have fewer than 5 rows ("rare"): a model can hardly learn them.',
          },
          {
            code: 'few-rows',
            column: '',
            message:
              '50 rows: a quarter of them, 13, say little of how good a model is. The figure will have a wide interval.',
          },
        ],
        constant: {
          answer: '2',
          share: 0.58,
          classes: 3,
          metrics: {
            accuracy: 0.58,
            f1_macro: (2 * 0.58) / 1.58 / 3,
            roc_auc: 0.5,
          },
        },
      });
      expect(schema).toEqual({
        version: 1,
        csv: {
          delimiter: ';',
          encoding: 'cp1252',
          decimal: ',',
          missing: [''],
        },
        source: { file: 'data/churn-model.csv' },
        rows: 60,
        target: 'y',
        columns: [
          {
            name: 'größe',
            type: 'number',
            missing: false,
            minimum: 0.5,
            maximum: 59.5,
          },
          {
            name: 'x',
            type: 'boolean',
            missing: false,
            true: ['ja'],
            false: ['nein'],
          },
          {
            name: 'y',
            type: 'category',
            missing: true,
            values: ['1', '2', 'rare'],
          },
        ],
      });
      // Neither is a reason to refuse it.
      expect(log).toContain('10 rows have no value in "y"');
      expect(log).toContain('1 classes have fewer than 5 rows');
    },
  );

  it('follows a redirect on hosts that may be read, and none to others', async () => {
    answers.set('/table.csv', (_, response) => response.end(bytes));
    answers.set('/moved.csv', (_, response) =>
      response.writeHead(302, { location: '/table.csv' }).end(),
    );
    expect((await prepare({ csvUrl: `${url}/moved.csv` })).outputs.rows).toBe(
      60,
    );
    answers.set('/away.csv', (_, response) =>
      response
        .writeHead(302, { location: `http://localhost:${portOf(elsewhere)}/` })
        .end(),
    );
    await expect(prepare({ csvUrl: `${url}/away.csv` })).rejects.toThrow(
      /^data.csvUrl: the portal cannot read the address .*reading.allow/,
    );
    answers.set('/round.csv', (_, response) =>
      response.writeHead(302, { location: '/round.csv' }).end(),
    );
    await expect(prepare({ csvUrl: `${url}/round.csv` })).rejects.toThrow(
      /^data.csvUrl: .*[Rr]edirects/,
    );
  });

  it.each<[string, Answer, RegExp]>([
    [
      'is not there',
      (_, response) => response.writeHead(404).end(),
      /cannot read the address .*404/,
    ],
    [
      'may not be read',
      (_, response) => response.writeHead(403).end(),
      /cannot read the address .*403/,
    ],
    [
      'is a page to sign in',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><title>Sign in</title>'),
      /This is a web page, not a table: a page to sign in/,
    ],
    [
      'is an answer in JSON',
      (_, response) => response.end('{"error": "unauthorised"}'),
      /This is JSON/,
    ],
    [
      'breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': String(bytes.length) });
        response.write(bytes.subarray(0, 500));
        setTimeout(() => response.destroy(), 50);
      },
      /the table broke off after 500 bytes/,
    ],
    [
      'does not answer',
      request => request.socket.destroy(),
      /cannot read the address/,
    ],
  ])(
    'that %s is refused, by the name of the field',
    async (_, answer, message) => {
      answers.set('/bad.csv', answer);
      const refused = prepare({ csvUrl: `${url}/bad.csv` });
      await expect(refused).rejects.toThrow(/^data\.csvUrl: /);
      await expect(refused).rejects.toThrow(message);
    },
  );

  it('is waited for no longer than a limit, in all and for its next bytes', async () => {
    const read = async (timeouts: { total: number; idle: number }) => {
      for await (const chunk of openUrl(new URL(`${url}/slow.csv`), {
        urlReader: createReader(),
        timeouts,
      })) {
        expect(chunk.length).toBeGreaterThan(0);
      }
    };
    answers.set('/slow.csv', (_, response) => response.write('a,b\n'));
    await expect(read({ total: 60_000, idle: 100 })).rejects.toThrow(
      'data.csvUrl: nothing came from the address for 0.1 s',
    );
    answers.set('/slow.csv', (_, response) => {
      const timer = setInterval(() => response.write('1,2\n'), 10);
      response.on('close', () => clearInterval(timer));
    });
    await expect(read({ total: 300, idle: 60_000 })).rejects.toThrow(
      'data.csvUrl: the table did not arrive within 0.005 minutes',
    );
  });
});

describe('a large table', () => {
  const HEADER = 'id,joined,plan,amount,score,city,note,y\n';
  const CITIES = ['Berlin', 'Łódź', 'Paris', '東京'];
  const rowOf = (i: number) =>
    `${i},20${10 + (i % 14)}-0${1 + (i % 9)}-1${i % 10},plan ${i % 40},${
      i % 17 === 0 ? '' : `${(i * 7) % 100_003}.25`
    },${(i % 1000) / 1000},${CITIES[i % 4]},"note, number ${i}",${
      i % 3 ? 'stays' : 'leaves'
    }\n`;

  /** In bytes, without what only waits to be collected. */
  const inUse = () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  /** Answers with a table of so many rows as fast as they are taken. */
  const stream =
    (
      rows: number,
      { hash = createHash('sha256'), onRows = (_: number) => {} } = {},
    ): Answer =>
    async (_, response) => {
      response.on('error', () => {});
      response.write(HEADER);
      hash.update(HEADER);
      for (let i = 0; i < rows && !response.destroyed; i += 1000) {
        let block = '';
        for (let j = i; j < Math.min(i + 1000, rows); j++) {
          block += rowOf(j);
        }
        hash.update(block);
        onRows(i);
        if (!response.write(block)) {
          await new Promise<void>(resolve => {
            const go = () => {
              response.off('drain', go).off('close', go);
              resolve();
            };
            response.on('drain', go).on('close', go);
          });
        }
      }
      response.end();
    };

  it('of 2 million rows is read in flat memory and stays at its address', async () => {
    const hash = createHash('sha256');
    // What the first rows load (modules, code, buffers) does not grow with the table.
    let before = Infinity;
    let peak = 0;
    const onRows = (row: number) => {
      if (row % 100_000 === 0) {
        const used = inUse();
        before = row === 100_000 ? used : before;
        peak = Math.max(peak, used);
      }
    };
    answers.set('/large.csv', stream(2_000_000, { hash, onRows }));
    const { outputs, csv, schema } = await prepare({
      csvUrl: `${url}/large.csv?version=1`,
    });
    expect(csv).toBeUndefined();
    const sha256 = hash.digest('hex');
    expect(outputs).toMatchObject({
      rows: 2_000_000,
      columns: 8,
      csvFile: 'data/churn-model.csv',
      dataUrl: `${url}/large.csv?version=1`,
      digest: sha256,
    });
    expect(schema).toMatchObject({
      source: {
        file: 'data/churn-model.csv',
        url: `${url}/large.csv?version=1`,
        sha256,
      },
      rows: 2_000_000,
      columns: [
        { name: 'id', type: 'number', maximum: 1_999_999 },
        { name: 'joined', type: 'date', format: '%Y-%m-%d' },
        { name: 'plan', type: 'category' },
        { name: 'amount', type: 'number', missing: true },
        { name: 'score', type: 'number' },
        { name: 'city', type: 'category', values: [...CITIES].sort() },
        { name: 'note', type: 'text' },
        { name: 'y', type: 'category', values: ['leaves', 'stays'] },
      ],
    });
    expect(schema.source.bytes).toBeGreaterThan(100 * 1024 ** 2);
    expect(before).toBeLessThan(Infinity);
    expect((peak - before) / 1024 ** 2).toBeLessThan(30);
  });

  it('is not read on once it is known to be none', async () => {
    let sent = 0;
    answers.set('/broken.csv', async (request, response) => {
      response.on('error', () => {});
      response.on('close', () => {
        sent = response.socket?.bytesWritten ?? sent;
      });
      const write = response.write.bind(response);
      write('a,b\n1,2,3\n');
      await stream(2_000_000)(request, response);
    });
    await expect(prepare({ csvUrl: `${url}/broken.csv` })).rejects.toThrow(
      'data.csvUrl: Row 2 has 3 cells where the header has 2',
    );
    expect(sent).toBeLessThan(20 * 1024 ** 2);
  });

  it('is read with what opens its address, which the repository does not get', async () => {
    const bytes = table(
      i => `${i};"${'xyz'[i % 3].repeat(20_000)}";${i % 2}`,
      1200,
    );
    answers.set('/closed.csv', ({ url: asked }, response) =>
      asked?.includes('private_token=hush')
        ? response.end(bytes)
        : response.writeHead(403).end(),
    );
    const shown = `${url}/closed.csv?ref=main`;
    const whole = `${shown}&private_token=hush`;
    for (const data of [
      { csvUrl: whole },
      { csvUrl: shown, csvUrlWithSecret: whole },
    ]) {
      const { outputs, schema, log } = await prepare(data);
      expect(outputs.dataUrl).toBe(shown);
      expect(schema.source.url).toBe(shown);
      expect(log).toContain('as the secret DATA_URL');
      expect(JSON.stringify([outputs, schema, log])).not.toContain('hush');
    }
    for (const data of [
      { csvUrl: `${url}/no.csv?private_token=hush` },
      // What opens one address is not sent to another.
      { csvUrl: `${url}/no.csv`, csvUrlWithSecret: whole },
    ]) {
      const failure = await prepare(data).catch(String);
      expect(failure).toContain('the portal cannot read the address');
      expect(failure).toContain('404');
      expect(failure).not.toContain('hush');
    }
  });

  it('is refused by upload', async () => {
    const bytes = table(i => `${i};"${'x'.repeat(20_000)}";${i % 2}`, 1200);
    await expect(prepare({ csvUpload: toUpload(bytes) })).rejects.toThrow(
      'data.csvUpload: the table has more than 20 MB',
    );
  });
});
