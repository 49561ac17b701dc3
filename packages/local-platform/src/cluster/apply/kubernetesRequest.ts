// SPDX-License-Identifier: Apache-2.0
import https from 'node:https';
import http from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';

/** One request to the API server, as it goes over the wire. */
export interface KubernetesRequest {
  method?: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, for example `/api/v1/namespaces?limit=1`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  /** Without it 15 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What the API server answered, whatever its status. */
export interface KubernetesResponse {
  status: number;
  /** Undefined when the answer is no JSON. */
  body: unknown;
  text: string;
}

/** The API server said no: its status, and its own words. */
export class KubernetesApiError extends Error {
  readonly status: number;

  constructor(what: string, response: KubernetesResponse) {
    super(`${what}: ${messageOf(response)}`);
    this.name = 'KubernetesApiError';
    this.status = response.status;
  }
}

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Sends one request with the server, certificates and credentials of a kubeconfig. The typed clients of
 * `@kubernetes/client-node` drop fields that their version does not know, so manifests go by here.
 *
 * @throws the system's error (`ECONNREFUSED`, `CERT_…`) when the server does not answer.
 */
export async function kubernetesRequest(
  kubeConfig: KubeConfig,
  request: KubernetesRequest,
): Promise<KubernetesResponse> {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (!server) {
    throw new Error('The kubeconfig has no current cluster');
  }
  const { method = 'GET', path, body, timeoutMs = 15_000 } = request;
  const url = new URL(`${server.replace(/\/$/, '')}${path}`);
  const options: https.RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options);
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers: http.OutgoingHttpHeaders = {
    ...(options.headers as http.OutgoingHttpHeaders | undefined),
    accept: 'application/json',
  };
  if (payload !== undefined) {
    headers['content-type'] = request.contentType ?? 'application/json';
    headers['content-length'] = Buffer.byteLength(payload);
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = request.signal
    ? AbortSignal.any([request.signal, timeout])
    : timeout;
  const send = url.protocol === 'http:' ? http.request : https.request;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      { ...options, method, headers, signal },
      response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_BYTES) {
            outgoing.destroy(new Error(`The answer to ${path} is too long`));
            return;
          }
          chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            body: parseJson(text),
            text,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** The body of a 2xx answer; throws a KubernetesApiError with the server's words for any other. */
export async function requireOk(
  what: string,
  response: Promise<KubernetesResponse>,
): Promise<unknown> {
  const answer = await response;
  if (answer.status < 200 || answer.status > 299) {
    throw new KubernetesApiError(what, answer);
  }
  return answer.body;
}

function messageOf({ status, body, text }: KubernetesResponse): string {
  const said =
    typeof body === 'object' && body && 'message' in body
      ? String(body.message)
      : text.trim().slice(0, 300);
  return said || `HTTP ${status}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
