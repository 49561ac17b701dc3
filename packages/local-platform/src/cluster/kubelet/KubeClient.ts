// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { IncomingMessage } from 'node:http';
import https from 'node:https';
import { KubeObject } from './kubeTypes';
import { splitLines } from './splitLines';

/** How an API server is reached. */
export interface KubeClientOptions {
  /** For example `https://127.0.0.1:6443`. */
  server: string;
  tokenFile: string;
  caFile: string;
}

/** An answer of the API server that is not a success. */
export class KubeError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'KubeError';
    this.status = status;
  }
}

/** One line of a watch. */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

type PatchType =
  'application/merge-patch+json' | 'application/strategic-merge-patch+json';

const REQUEST_TIMEOUT_MS = 30_000;
const WATCH_SECONDS = 240;

/**
 * Requests to an API server, JSON in and out. The published client brings 65 MB of generated classes into memory and turns
 * times into `Date` on some of its ways only; of it the types are used.
 */
export class KubeClient {
  readonly #base: URL;
  readonly #token: string;
  readonly #agent: https.Agent;

  constructor(options: KubeClientOptions) {
    this.#base = new URL(options.server);
    this.#token = fs.readFileSync(options.tokenFile, 'utf8').trim();
    this.#agent = new https.Agent({
      keepAlive: true,
      ca: fs.readFileSync(options.caFile),
    });
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#call('POST', path, body);
  }

  patch<T>(
    path: string,
    body: object,
    type: PatchType = 'application/merge-patch+json',
  ): Promise<T> {
    return this.#call('PATCH', path, body, type);
  }

  delete<T>(path: string, body: object): Promise<T> {
    return this.#call('DELETE', path, body);
  }

  /** Takes the lines of a watch until the server, the connection or the signal ends it. */
  async watch<T extends KubeObject>(
    path: string,
    params: Record<string, string>,
    take: (event: WatchEvent<T>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const query = new URLSearchParams({
      ...params,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_SECONDS),
    });
    const limited = AbortSignal.any([
      signal,
      // A connection that was cut without a word would be waited for without end.
      AbortSignal.timeout((WATCH_SECONDS + 30) * 1000),
    ]);
    const response = await this.#send('GET', `${path}?${query}`, {
      signal: limited,
    });
    if (response.statusCode !== 200) {
      throw errorOf(response, await readText(response));
    }
    for await (const line of splitLines(response)) {
      take(JSON.parse(line));
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #call<T>(
    method: string,
    path: string,
    body?: object,
    type: string = 'application/json',
  ): Promise<T> {
    const response = await this.#send(method, path, {
      body: body && JSON.stringify(body),
      type,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await readText(response);
    if (!response.statusCode || response.statusCode >= 300) {
      throw errorOf(response, text);
    }
    return JSON.parse(text);
  }

  #send(
    method: string,
    path: string,
    options: { body?: string; type?: string; signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const { body, type, signal } = options;
    return new Promise((resolve, reject) => {
      const request = https.request(
        new URL(path, this.#base),
        {
          method,
          agent: this.#agent,
          signal,
          headers: {
            authorization: `Bearer ${this.#token}`,
            accept: 'application/json',
            ...(body !== undefined && {
              'content-type': type,
              // Node gives the body of a DELETE no frame of its own: it would be read as the next request.
              'content-length': Buffer.byteLength(body),
            }),
          },
        },
        resolve,
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += chunk;
  }
  return text;
}

function errorOf(response: IncomingMessage, text: string): KubeError {
  let message = text.trim();
  try {
    message = JSON.parse(text).message ?? message;
  } catch {
    // Not every door answers in JSON.
  }
  return new KubeError(response.statusCode ?? 0, message);
}
