// SPDX-License-Identifier: Apache-2.0
import type { LlmClient } from '@greenroom/triage-engine';
import { z } from 'zod';
import {
  geminiBody,
  geminiError,
  json,
  type GeminiHandler,
} from './startFakeGemini';

const textSchema = z.array(z.strictObject({ text: z.string() })).min(1);

// https://ai.google.dev/api/generate-content, as far as it is used. The API refuses
// a field that it does not know.
const bodySchema = z.strictObject({
  contents: z
    .array(z.strictObject({ role: z.literal('user'), parts: textSchema }))
    .length(1),
  systemInstruction: z.strictObject({
    role: z.literal('user').optional(),
    parts: textSchema,
  }),
  generationConfig: z.strictObject({
    candidateCount: z.literal(1),
    maxOutputTokens: z.int().min(1),
    responseMimeType: z.literal('application/json'),
    responseJsonSchema: z.looseObject({ type: z.literal('object') }),
  }),
});

/** What a person who reads a request of `generateContent` sees. */
export function readGeminiRequest(body: unknown): {
  system: string;
  user: string;
  maxOutputTokens: number;
} {
  const { contents, systemInstruction, generationConfig } =
    bodySchema.parse(body);
  const textOf = (parts: Array<{ text: string }>) =>
    parts.map(({ text }) => text).join('');
  return {
    system: textOf(systemInstruction.parts),
    user: textOf(contents[0].parts),
    maxOutputTokens: generationConfig.maxOutputTokens,
  };
}

/** Refuses what the API would refuse, before it is answered. */
function checked(handler: GeminiHandler): GeminiHandler {
  return (request, response, attempt) => {
    const refuse = (status: number, name: string) =>
      json(response, status, geminiError(status, name));
    if (
      request.method !== 'POST' ||
      !/^\/v1beta\/models\/[\w.-]+:generateContent$/.test(request.url)
    ) {
      refuse(404, 'NOT_FOUND');
    } else if (!request.headers['x-goog-api-key']) {
      refuse(403, 'PERMISSION_DENIED');
    } else if (!bodySchema.safeParse(request.body).success) {
      refuse(400, 'INVALID_ARGUMENT');
    } else {
      handler(request, response, attempt);
    }
  };
}

/** What a model says, whoever plays it: one that obeys the log, or one that is right. */
const saying = (llm: LlmClient): GeminiHandler =>
  checked(({ body, url }, response) => {
    const { system, user, maxOutputTokens } = readGeminiRequest(body);
    llm
      .generate({
        system,
        user,
        maxOutputTokens,
        schema: z.unknown(),
        tier: url.includes('lite') ? 'light' : 'heavy',
        signal: AbortSignal.timeout(60_000),
      })
      .then(
        ({ value }) => json(response, 200, geminiBody(JSON.stringify(value))),
        () => json(response, 500, geminiError(500, 'INTERNAL')),
      );
  });

const body = (text: string, change?: Record<string, unknown>): GeminiHandler =>
  checked((_, response) => json(response, 200, geminiBody(text, change)));

const finished = (finishReason: string, text: string) =>
  body('', {
    candidates: [{ finishReason, content: { parts: [{ text }] }, index: 0 }],
  });

/** An answer of the form asked for, each claim of which rests on these lines. */
function answerFrom(
  evidence: Array<{ source: string; line: number; quote: string }>,
  statement: string,
): string {
  return JSON.stringify({
    suspects: [],
    claims: [{ evidence, statement, confidence: 'high' }],
    rootCause: {
      evidence,
      outcome: 'identified',
      statement,
      confidence: 'high',
    },
    missing: [],
    nextSteps: [{ evidence, text: statement }],
  });
}

/** Ways in which Gemini answers, for `answer` of the fake. */
export const geminiAnswers = {
  saying,
  /** After a while, if somebody still waits. */
  slow:
    (ms: number, then: GeminiHandler): GeminiHandler =>
    (request, response, attempt) => {
      const timer = setTimeout(() => then(request, response, attempt), ms);
      response.on('close', () => clearTimeout(timer));
    },
  /** The quota of this minute is used up for so many seconds. */
  quota: (seconds: number): GeminiHandler =>
    checked((_, response) =>
      json(
        response,
        429,
        geminiError(429, 'RESOURCE_EXHAUSTED', [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [
              { quotaId: 'GenerateRequestsPerMinutePerProjectPerModel' },
            ],
          },
          {
            '@type': 'type.googleapis.com/google.rpc.RetryInfo',
            retryDelay: `${seconds}s`,
          },
        ]),
      ),
    ),
  failing: (status: number, name: string): GeminiHandler =>
    checked((_, response) => json(response, status, geminiError(status, name))),
  truncated: finished('MAX_TOKENS', '{"suspects":[],"claims":[{"evid'),
  blocked: finished('SAFETY', ''),
  malformed: body('{"suspects": [], "claims": "none"}'),
  noJson: body('I am sorry, I cannot help with that.'),
  /** Quotes what stands nowhere, and what stands elsewhere. */
  lying: (statement: string): GeminiHandler =>
    checked((request, response) => {
      const { user } = readGeminiRequest(request.body);
      const [, line, quote] = /^L(\d+)\|(.*\S.*)$/m.exec(user) ?? [];
      const lies = [
        { source: 'A', line: 999_999, quote: statement },
        {
          source: 'A',
          line: Number(line ?? 1),
          quote: `${statement} ${quote}`,
        },
        { source: 'Z', line: Number(line ?? 1), quote: quote ?? statement },
      ];
      json(response, 200, geminiBody(answerFrom(lies, statement)));
    }),
};
