// SPDX-License-Identifier: Apache-2.0
import type {
  ClusterDetails,
  KubernetesCredential,
} from '@backstage/plugin-kubernetes-node';
import { SERVICEACCOUNT_CA_PATH } from '@backstage/plugin-kubernetes-common';
import fs from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { ApiServerError } from './ApiServerError';
import { isInCluster, type CredentialReader } from './readCredential';

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** A request to an API server; `path` is absolute and its segments are encoded. @public */
export interface ApiServerRequest {
  path: string;
  method?: 'GET' | 'POST';
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** Until the head of the answer is there; default 10 s. */
  timeoutMs?: number;
  /** Whether an answer that is not 2xx is an answer too. */
  anyStatus?: boolean;
}

/** Reads at most `maxBytes`; `isCut` where there was more. @public */
export async function readBytes(
  answer: http.IncomingMessage,
  maxBytes: number,
): Promise<{ bytes: Buffer; isCut: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > maxBytes) {
      answer.destroy();
      return { bytes: Buffer.concat(parts).subarray(0, maxBytes), isCut: true };
    }
  }
  return { bytes: Buffer.concat(parts), isCut: false };
}

/**
 * The connection to one API server with the portal's own credential. Follows no
 * redirect. Every failure is an `ApiServerError`.
 *
 * @public
 */
export class ApiServer {
  readonly cluster: string;
  readonly #details: ClusterDetails;
  readonly #readCredential: CredentialReader;
  #agent?: { key: string; agent: http.Agent };
  #clockSkewMs = 0;

  constructor(details: ClusterDetails, readCredential: CredentialReader) {
    this.cluster = details.name;
    this.#details = details;
    this.#readCredential = readCredential;
  }

  /** How far the cluster's clock is before ours in ms, by its last answer; 0 within 5 s. */
  get clockSkewMs(): number {
    return this.#clockSkewMs;
  }

  close(): void {
    this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  /** Resolves with the head of the answer; its body is read by the caller. */
  async open(request: ApiServerRequest): Promise<http.IncomingMessage> {
    const answer = await this.#send(request).catch((error: unknown) => {
      request.signal?.throwIfAborted();
      throw ApiServerError.fromCause(error, this.cluster);
    });
    const status = answer.statusCode ?? 0;
    if (request.anyStatus || (status >= 200 && status < 300)) {
      return answer;
    }
    const said = await readBytes(answer, 64 * 1024)
      .then(({ bytes }) => JSON.parse(bytes.toString()).message as unknown)
      .catch(() => undefined);
    throw ApiServerError.fromStatus(
      status,
      this.cluster,
      typeof said === 'string' ? said : undefined,
    );
  }

  /** @throws ApiServerError also where the answer is no JSON object. */
  async getJson(request: ApiServerRequest): Promise<Record<string, unknown>> {
    const deadline = AbortSignal.timeout(3 * ANSWER_TIMEOUT_MS);
    const signal = request.signal
      ? AbortSignal.any([request.signal, deadline])
      : deadline;
    try {
      const answer = await this.open({ ...request, signal });
      const { bytes, isCut } = await readBytes(answer, MAX_JSON_BYTES);
      const json: unknown = isCut ? undefined : JSON.parse(bytes.toString());
      if (typeof json === 'object' && json !== null) {
        return json as Record<string, unknown>;
      }
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof SyntaxError)) {
        throw ApiServerError.fromCause(error, this.cluster);
      }
    }
    throw new ApiServerError(
      `What answers as cluster '${this.cluster}' is no Kubernetes API server`,
      { code: 'failed' },
    );
  }

  async #send(request: ApiServerRequest): Promise<http.IncomingMessage> {
    const credential = await this.#readCredential();
    const url = new URL(this.#baseUrl());
    url.pathname = `${url.pathname.replace(/\/$/, '')}${request.path}`;
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    const agent = await this.#agentFor(url, credential);
    const { body } = request;
    return await new Promise((resolve, reject) => {
      const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
        method: request.method ?? 'GET',
        agent,
        signal: request.signal,
        headers: {
          accept: 'application/json',
          ...request.headers,
          ...(body !== undefined && {
            'content-length': Buffer.byteLength(body),
          }),
          ...(credential.type === 'bearer token' && {
            authorization: `Bearer ${credential.token}`,
          }),
        },
      });
      const timer = setTimeout(
        () =>
          outgoing.destroy(
            Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }),
          ),
        request.timeoutMs ?? ANSWER_TIMEOUT_MS,
      );
      outgoing.on('close', () => clearTimeout(timer));
      outgoing.on('error', reject);
      outgoing.on('response', answer => {
        clearTimeout(timer);
        const date = Date.parse(answer.headers.date ?? '');
        const skew = Number.isNaN(date) ? 0 : date - Date.now();
        // The header has whole seconds, and the answer took a while.
        this.#clockSkewMs = Math.abs(skew) > 5_000 ? skew : 0;
        resolve(answer);
      });
      outgoing.end(body);
    });
  }

  #baseUrl(): string {
    if (!isInCluster(this.#details)) {
      return this.#details.url;
    }
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } =
      process.env;
    return `https://${host?.includes(':') ? `[${host}]` : host}:${port ?? 443}`;
  }

  async #agentFor(
    url: URL,
    credential: KubernetesCredential,
  ): Promise<http.Agent> {
    const identity =
      credential.type === 'x509 client certificate'
        ? { cert: credential.cert, key: credential.key }
        : {};
    const key = JSON.stringify(identity);
    if (this.#agent?.key === key) {
      return this.#agent.agent;
    }
    const agent =
      url.protocol === 'https:'
        ? new https.Agent({
            keepAlive: true,
            ca: await this.#readCa(),
            rejectUnauthorized: !this.#details.skipTLSVerify,
            ...identity,
          })
        : new http.Agent({ keepAlive: true });
    this.#agent?.agent.destroy();
    this.#agent = { key, agent };
    return agent;
  }

  async #readCa(): Promise<Buffer | undefined> {
    const { caData, caFile } = this.#details;
    if (isInCluster(this.#details)) {
      return await fs.readFile(SERVICEACCOUNT_CA_PATH);
    }
    if (caFile) {
      return await fs.readFile(caFile);
    }
    return caData ? Buffer.from(caData, 'base64') : undefined;
  }
}
