// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigReader } from '@backstage/config';
import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { triageLlmExtensionPoint } from '@greenroom/plugin-triage-node';
import type { LlmClient, LlmRequest } from '@greenroom/triage-engine';
import { z } from 'zod';
import triageModuleGemini, {
  createGeminiLlmClient,
  DEFAULT_GEMINI_MODELS,
  GeminiLlmClient,
  readGeminiConfig,
  type GeminiConfig,
} from '.';
import {
  geminiBody,
  geminiError,
  json,
  startFakeGemini,
  type FakeGemini,
} from './__testUtils__/startFakeGemini';

const KEY = 'test-key-of-gemini';

const schema = z.object({
  ids: z.array(z.enum(['A', 'B'])).max(3),
  kind: z.literal('x'),
  line: z.int().min(1),
  text: z.string().min(1).max(10).describe('Some text.'),
  more: z.object({ note: z.string().regex(/^a/).optional() }),
});

const ANSWER = { ids: ['A'], kind: 'x', line: 1, text: 't', more: {} };

const request = (change: Partial<LlmRequest> = {}): LlmRequest => ({
  system: 'Our words.',
  user: 'The data.',
  schema,
  tier: 'light',
  maxOutputTokens: 500,
  signal: new AbortController().signal,
  ...change,
});

describe('Gemini over HTTP', () => {
  let gemini: FakeGemini;

  beforeAll(async () => {
    gemini = await startFakeGemini();
  });

  afterAll(() => gemini?.stop());

  const config = (change: object = {}): GeminiConfig => {
    const read = readGeminiConfig(
      new ConfigReader({
        triage: { gemini: { apiKey: KEY, baseUrl: gemini.url, ...change } },
      }),
    );
    if (!read) {
      throw new Error('not configured');
    }
    return read;
  };

  const generate = (change: Partial<LlmRequest> = {}, options: object = {}) =>
    new GeminiLlmClient(config(options)).generate(request(change));

  it('sends our words, the data and the schema: no tools, no sampling, no key in the address', async () => {
    gemini.answer((_, response) =>
      json(response, 200, geminiBody(JSON.stringify(ANSWER))),
    );
    expect(await generate()).toEqual({
      value: ANSWER,
      model: 'gemini-3.5-flash-lite',
      modelVersion: 'gemini-fake-001',
      inputTokens: 120,
      outputTokens: 42,
    });
    expect(gemini.requests).toHaveLength(1);
    const [{ method, url, headers, body }] = gemini.requests;
    expect(method).toBe('POST');
    expect(url).toBe('/v1beta/models/gemini-3.5-flash-lite:generateContent');
    expect(headers['x-goog-api-key']).toBe(KEY);
    expect(JSON.stringify(body)).not.toContain(KEY);
    expect(body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'The data.' }] }],
      systemInstruction: { role: 'user', parts: [{ text: 'Our words.' }] },
      generationConfig: {
        candidateCount: 1,
        maxOutputTokens: 500,
        responseMimeType: 'application/json',
        responseJsonSchema: {
          type: 'object',
          properties: {
            ids: {
              type: 'array',
              items: { type: 'string', enum: ['A', 'B'] },
              maxItems: 3,
            },
            kind: { type: 'string', enum: ['x'] },
            line: {
              type: 'integer',
              minimum: 1,
              maximum: Number.MAX_SAFE_INTEGER,
            },
            text: { type: 'string', description: 'Some text.' },
            more: {
              type: 'object',
              properties: { note: { type: 'string' } },
              propertyOrdering: ['note'],
              additionalProperties: false,
            },
          },
          required: ['ids', 'kind', 'line', 'text', 'more'],
          propertyOrdering: ['ids', 'kind', 'line', 'text', 'more'],
          additionalProperties: false,
        },
      },
    });
    await generate({ tier: 'heavy' }, { models: { heavy: 'gemini-own' } });
    expect(gemini.requests[1].url).toBe(
      '/v1beta/models/gemini-own:generateContent',
    );
  });

  it.each([
    [400, 'INVALID_ARGUMENT', 'unavailable', false],
    [401, 'UNAUTHENTICATED', 'unauthorized', false],
    [403, 'PERMISSION_DENIED', 'unauthorized', false],
    [404, 'NOT_FOUND', 'unauthorized', false],
    [429, 'RESOURCE_EXHAUSTED', 'quota', true],
    [500, 'INTERNAL', 'unavailable', true],
    [503, 'UNAVAILABLE', 'unavailable', true],
    [504, 'DEADLINE_EXCEEDED', 'unavailable', true],
  ])('%i %s is %s', async (status, name, code, retryable) => {
    gemini.answer((_, response) =>
      json(response, status, geminiError(status, name)),
    );
    await expect(generate()).rejects.toMatchObject({
      name: 'LlmError',
      code,
      retryable,
      message: `Gemini answered ${status} ${name}`,
    });
    expect(gemini.requests).toHaveLength(1);
  });

  it('knows a wrong key, a day without quota, and when to come back', async () => {
    gemini.answer((_, response) =>
      json(
        response,
        400,
        geminiError(400, 'INVALID_ARGUMENT', [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'API_KEY_INVALID',
          },
        ]),
      ),
    );
    await expect(generate()).rejects.toMatchObject({ code: 'unauthorized' });

    const quota = (quotaId: string) =>
      geminiError(429, 'RESOURCE_EXHAUSTED', [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ quotaId }],
        },
        {
          '@type': 'type.googleapis.com/google.rpc.RetryInfo',
          retryDelay: '27.5s',
        },
      ]);
    gemini.answer((_, response) =>
      json(response, 429, quota('GenerateRequestsPerDayPerProject-FreeTier')),
    );
    await expect(generate()).rejects.toMatchObject({
      code: 'quota',
      retryable: false,
      retryAfterMs: 27_500,
    });
    gemini.answer((_, response) =>
      json(response, 429, `[${quota('GenerateRequestsPerMinute')}]`, {
        'retry-after': '40',
      }),
    );
    await expect(generate()).rejects.toMatchObject({
      retryable: true,
      retryAfterMs: 40_000,
    });
    gemini.answer((_, response) => {
      response.writeHead(503, {
        'content-type': 'text/html',
        'retry-after': 'Fri, 01 Jan 2021 00:00:00 GMT',
      });
      response.end('<h1>Bad gateway</h1>');
    });
    await expect(generate()).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 0,
      message: 'Gemini answered 503',
    });
  });

  const finished = (finishReason: string, text?: string) =>
    geminiBody('', {
      candidates: [
        { finishReason, content: text ? { parts: [{ text }] } : undefined },
      ],
    });

  it.each([
    ['MAX_TOKENS', finished('MAX_TOKENS', '{"ids":['), 'truncated'],
    ['SAFETY', finished('SAFETY'), 'blocked'],
    ['RECITATION', finished('RECITATION', '{}'), 'blocked'],
    ['SPII', finished('SPII'), 'blocked'],
    ['PROHIBITED_CONTENT', finished('PROHIBITED_CONTENT'), 'blocked'],
    ['a tool call', finished('UNEXPECTED_TOOL_CALL'), 'malformed'],
    ['a reason of the future', finished('<b>'), 'malformed'],
    [
      'a blocked prompt',
      JSON.stringify({ promptFeedback: { blockReason: 'JAILBREAK' } }),
      'blocked',
    ],
    ['an empty text', geminiBody('  '), 'malformed'],
    ['no candidate', JSON.stringify({}), 'malformed'],
    ['prose', geminiBody('I think that'), 'malformed'],
    ['half of a JSON', geminiBody('{"ids": ["A"'), 'malformed'],
    ['a body that is no JSON', '<html>', 'malformed'],
    ['an empty body', '', 'malformed'],
  ])('takes no answer from %s', async (_, body, code) => {
    gemini.answer((_request, response) => json(response, 200, body));
    await expect(generate()).rejects.toMatchObject({ name: 'LlmError', code });
  });

  it('reads what a model thought as no answer', async () => {
    gemini.answer((_, response) =>
      json(
        response,
        200,
        geminiBody('', {
          candidates: [
            {
              finishReason: 'STOP',
              content: {
                parts: [
                  { text: 'Let me think', thought: true },
                  { text: '{"a":' },
                  { text: '1}' },
                ],
              },
            },
          ],
          usageMetadata: {},
        }),
      ),
    );
    expect(await generate()).toMatchObject({
      value: { a: 1 },
      inputTokens: undefined,
      outputTokens: undefined,
    });
  });

  it('says what an answer cost, where prices are configured', async () => {
    const prices = {
      currency: 'EUR',
      light: { input: 0.1, output: 0.4 },
      heavy: { input: 1, output: 5 },
    };
    gemini.answer((_, response) =>
      json(response, 200, geminiBody(JSON.stringify(ANSWER))),
    );
    expect((await generate({}, { prices })).cost).toEqual({
      amount: (120 * 0.1 + 42 * 0.4) / 1_000_000,
      currency: 'EUR',
    });
    expect((await generate({ tier: 'heavy' }, { prices })).cost?.amount).toBe(
      (120 * 1 + 42 * 5) / 1_000_000,
    );
  });

  it('reads no more than its limit, and follows nobody to another host', async () => {
    gemini.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        let isTaken = true;
        while (isTaken && !response.destroyed) {
          isTaken = response.write('x'.repeat(65_536));
        }
      };
      response.on('drain', more);
      more();
    });
    await expect(
      generate({}, { maxResponseSize: 100_000 }),
    ).rejects.toMatchObject({
      code: 'malformed',
      message: 'The answer of Gemini is larger than 100000 bytes',
    });
    gemini.answer((_, response) => {
      response.writeHead(307, { location: `${gemini.url}/elsewhere` });
      response.end();
    });
    await expect(generate()).rejects.toMatchObject({ code: 'unavailable' });
    expect(gemini.requests).toHaveLength(1);
  });

  it('ends a request that hangs, and one that the caller gives up', async () => {
    gemini.answer(() => {});
    await expect(generate({}, { attemptTimeout: 100 })).rejects.toMatchObject({
      code: 'timeout',
    });
    await expect(
      generate({ signal: AbortSignal.timeout(100) }),
    ).rejects.toMatchObject({ code: 'timeout' });
    gemini.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    await expect(generate({}, { attemptTimeout: 100 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const controller = new AbortController();
    gemini.answer(() => controller.abort());
    await expect(generate({ signal: controller.signal })).rejects.toMatchObject(
      { code: 'aborted', retryable: false },
    );
    await expect(generate({ signal: controller.signal })).rejects.toMatchObject(
      { code: 'aborted' },
    );
    expect(gemini.requests).toHaveLength(1);
  });

  it('tells lost connections from answers', async () => {
    gemini.answer((_, response) => response.destroy());
    await expect(generate()).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    const gone = await startFakeGemini();
    await gone.stop();
    await expect(generate({}, { baseUrl: gone.url })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
  });

  it('says nothing of key, prompt or answer in its errors', async () => {
    gemini.answer((seen, response) =>
      json(
        response,
        400,
        JSON.stringify({
          error: { status: `${KEY}`, message: JSON.stringify(seen.body) },
        }),
      ),
    );
    const error = await generate().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'Gemini answered 400' });
    expect(`${error} ${JSON.stringify(error)}`).not.toMatch(
      /test-key|The data|Our words/,
    );
  });

  it('asks again within its attempts, and keeps to its budgets', async () => {
    gemini.answer((_, response, attempt) =>
      attempt < 3
        ? json(response, 503, geminiError(503, 'UNAVAILABLE'), {
            'retry-after': '0.01',
          })
        : json(response, 200, geminiBody(JSON.stringify(ANSWER))),
    );
    const client = createGeminiLlmClient(
      config({ budgets: { perMinute: { requests: 4 } }, maxAttempts: 3 }),
    );
    expect(await client.generate(request())).toMatchObject({ value: ANSWER });
    expect(gemini.requests).toHaveLength(3);
    await client.generate(request());
    // Four of four in this minute, or the first of the next.
    await client.generate(request()).then(
      () => expect(gemini.requests).toHaveLength(5),
      error => expect(error).toMatchObject({ code: 'budget' }),
    );
  });

  it('signs in to Vertex AI with Application Default Credentials', async () => {
    // The metadata server of Google Cloud, as workload identity has it.
    const generateOnce = async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          '--import',
          'tsx',
          resolvePackagePath(
            '@greenroom/plugin-triage-backend-module-gemini',
            'src/__testUtils__/generateOnce.ts',
          ),
          JSON.stringify(
            config({
              apiKey: undefined,
              vertex: { project: 'acme', location: 'europe-west4' },
            }),
          ),
        ],
        {
          env: {
            PATH: process.env.PATH,
            GCE_METADATA_HOST: gemini.url.replace('http://', ''),
            METADATA_SERVER_DETECTION: 'assume-present',
            CLOUDSDK_CONFIG: '/nonexistent',
          },
        },
      );
      return JSON.parse(stdout);
    };
    gemini.answer((seen, response) => {
      if (seen.url.includes('/service-accounts/default/token')) {
        json(
          response,
          200,
          JSON.stringify({
            access_token: 'token-of-a-workload',
            expires_in: 3600,
            token_type: 'Bearer',
          }),
          { 'metadata-flavor': 'Google' },
        );
      } else if (seen.method === 'POST') {
        json(response, 200, geminiBody(JSON.stringify(ANSWER)));
      } else {
        response.writeHead(200, { 'metadata-flavor': 'Google' });
        response.end('acme');
      }
    });
    expect(await generateOnce()).toMatchObject({ value: ANSWER });
    const sent = gemini.requests.find(({ method }) => method === 'POST');
    expect(sent?.url).toBe(
      '/v1beta1/projects/acme/locations/europe-west4/publishers/google/models/gemini-3.5-flash-lite:generateContent',
    );
    expect(sent?.headers.authorization).toBe('Bearer token-of-a-workload');
    expect(sent?.headers['x-goog-api-key']).toBeUndefined();
    expect(sent?.body).not.toHaveProperty('tools');

    gemini.answer((_, response) => {
      response.writeHead(404, { 'metadata-flavor': 'Google' });
      response.end('no service account');
    });
    expect(await generateOnce()).toEqual({
      code: 'unauthorized',
      message: 'There are no credentials for Google Cloud',
    });
    expect(gemini.requests.some(({ method }) => method === 'POST')).toBe(false);
  }, 60_000);

  it('is the model of triage, where it is configured', async () => {
    const given: LlmClient[] = [];
    const triage = createBackendPlugin({
      pluginId: 'triage',
      register(env) {
        env.registerExtensionPoint(triageLlmExtensionPoint, {
          setLlmClient: client => given.push(client),
        });
        env.registerInit({
          deps: { logger: coreServices.logger },
          async init() {},
        });
      },
    });
    const start = async (data: object) => {
      given.length = 0;
      const backend = await startTestBackend({
        features: [
          triage,
          triageModuleGemini,
          mockServices.rootConfig.factory({ data }),
        ],
      });
      await backend.stop();
    };
    gemini.answer((_, response) =>
      json(response, 200, geminiBody(JSON.stringify(ANSWER))),
    );
    await start({ triage: { gemini: { apiKey: KEY, baseUrl: gemini.url } } });
    expect(given).toHaveLength(1);
    expect(given[0].name).toBe('Gemini');
    expect(await given[0].generate(request())).toMatchObject({ value: ANSWER });

    await start({});
    expect(given).toHaveLength(0);
    await expect(
      start({ triage: { gemini: { apiKey: KEY, maxAttempts: 0 } } }),
    ).rejects.toThrow('triage.gemini.maxAttempts');
  });
});

describe('readGeminiConfig', () => {
  const read = (gemini?: object) =>
    readGeminiConfig(new ConfigReader(gemini ? { triage: { gemini } } : {}));

  it('is off without a key and without Vertex AI', () => {
    expect(read()).toBeUndefined();
    expect(read({ models: { light: 'x' } })).toBeUndefined();
  });

  it('has defaults for everything else', () => {
    expect(read({ apiKey: ' k ' })).toEqual({
      auth: { type: 'api-key', apiKey: 'k' },
      baseUrl: undefined,
      models: DEFAULT_GEMINI_MODELS,
      timeoutMs: 90_000,
      attemptTimeoutMs: 60_000,
      maxAttempts: 4,
      maxResponseSize: 1_048_576,
      budgets: {
        perMinute: { requests: 10, tokens: undefined, cost: undefined },
        perDay: { requests: 500, tokens: 5_000_000, cost: undefined },
      },
      prices: undefined,
    });
    expect(
      read({
        vertex: { project: 'acme' },
        timeout: '2m',
        attemptTimeout: { seconds: 5 },
        budgets: { perDay: { cost: 1.5 } },
        prices: {
          light: { input: 0.1, output: 0.4 },
          heavy: { input: 1, output: '5' },
        },
      }),
    ).toMatchObject({
      auth: { type: 'vertex', project: 'acme', location: 'global' },
      timeoutMs: 120_000,
      attemptTimeoutMs: 5_000,
      budgets: { perDay: { cost: 1.5 } },
      prices: { heavy: { output: 5 }, currency: 'USD' },
    });
  });

  it.each([
    [{ vertex: { project: 'acme' } }, 'vertex'],
    [{ apiKey: 'a b' }, 'apiKey'],
    [{ baseUrl: 'example.com' }, 'baseUrl'],
    [{ baseUrl: 'ftp://example.com' }, 'baseUrl'],
    [{ baseUrl: 'https://u:p@example.com' }, 'baseUrl'],
    [{ models: { light: '../x' } }, 'models.light'],
    [{ models: { heavy: 'a b' } }, 'models.heavy'],
    [{ timeout: 0 }, 'timeout'],
    [{ attemptTimeout: '2h' }, 'attemptTimeout'],
    [{ maxAttempts: 1.5 }, 'maxAttempts'],
    [{ maxResponseSize: 1 }, 'maxResponseSize'],
    [{ budgets: { perDay: { tokens: -1 } } }, 'budgets.perDay.tokens'],
    [{ budgets: { perDay: { cost: 1 } } }, 'budgets.perDay.cost'],
    [{ prices: { light: { input: 1, output: 1 } } }, 'prices.heavy.input'],
    [
      {
        prices: {
          currency: 'euro',
          light: { input: 1, output: 1 },
          heavy: { input: 1, output: 1 },
        },
      },
      'prices.currency',
    ],
  ])('names the key that is wrong: %j', (gemini, key) => {
    expect(() => read({ apiKey: 'secret-key', ...gemini })).toThrow(
      `triage.gemini.${key}'`,
    );
    expect(() => read({ apiKey: 'secret-key', ...gemini })).not.toThrow(
      'secret-key',
    );
  });

  it.each([
    [{ project: '../x' }, 'vertex.project'],
    [{ project: 'acme', location: 'a/b' }, 'vertex.location'],
  ])('names the key of Vertex AI that is wrong: %j', (vertex, key) => {
    expect(() => read({ vertex })).toThrow(`'triage.gemini.${key}'`);
  });
});
