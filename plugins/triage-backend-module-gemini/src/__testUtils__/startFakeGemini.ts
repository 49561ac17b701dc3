// SPDX-License-Identifier: Apache-2.0
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the fake received it. */
export interface FakeRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** Whether the other side hung up before it was answered. */
  aborted: boolean;
}

/** How one request is answered; `attempt` counts from 1. */
export type GeminiHandler = (
  request: FakeRequest,
  response: ServerResponse,
  attempt: number,
) => void;

/** Gemini's REST API as far as it is used, over HTTP on this machine. */
export interface FakeGemini {
  url: string;
  requests: FakeRequest[];
  /** How the next requests are answered. */
  answer(handler: GeminiHandler): void;
  stop(): Promise<void>;
}

/** A body of `generateContent`, as documented. */
export function geminiBody(
  text: string,
  change: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    candidates: [
      {
        content: { role: 'model', parts: [{ text }] },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 120,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 12,
      totalTokenCount: 162,
    },
    modelVersion: 'gemini-fake-001',
    ...change,
  });
}

/** An error as google.rpc.Status has it. */
export function geminiError(
  code: number,
  status: string,
  details: unknown[] = [],
): string {
  return JSON.stringify({
    error: { code, status, message: 'The message may quote you', details },
  });
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    ...headers,
  });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export async function startFakeGemini(): Promise<FakeGemini> {
  const requests: FakeRequest[] = [];
  let handler: GeminiHandler = (_, response) =>
    json(response, 200, geminiBody('{}'));
  const server = createServer(async (message, response) => {
    const request: FakeRequest = {
      method: message.method ?? '',
      url: message.url ?? '',
      headers: message.headers,
      body: {},
      aborted: false,
    };
    response.on('close', () => {
      request.aborted = !response.writableFinished;
    });
    const body = await readBody(message);
    request.body = body.startsWith('{') ? JSON.parse(body) : {};
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer(next) {
      requests.length = 0;
      handler = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
