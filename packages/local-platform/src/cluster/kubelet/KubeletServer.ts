// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import { KUBELET_METRICS_CLIENT } from '../controlplane/identities';
import { Container } from './Container';
import { METRICS_CONTENT_TYPE } from './metrics/formatMetrics';
import { sendLog } from './sendLog';

/** The certificates of the kubelet's API. */
export interface KubeletServerOptions {
  port: number;
  certFile: string;
  keyFile: string;
  clientCaFile: string;
  /** False while the kubelet does not know its pods yet. */
  isReady: () => boolean;
  /** undefined for a pod that is not here. */
  findPod: (
    namespace: string,
    name: string,
  ) => { container(name: string): Container | undefined } | undefined;
  /** Makes what a path of metrics answers. */
  metrics: Record<string, () => Promise<string>>;
}

const LOGS = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/;
const NOT_DONE = /^\/(exec|attach|portForward|run|cri)\//;

/**
 * The kubelet's own API, for the API server, and for Prometheus as far as metrics go: who calls shows a certificate of their
 * authority.
 */
export class KubeletServer {
  readonly #options: KubeletServerOptions;
  readonly #server: https.Server;

  constructor(options: KubeletServerOptions) {
    this.#options = options;
    this.#server = https.createServer(
      {
        cert: fs.readFileSync(options.certFile),
        key: fs.readFileSync(options.keyFile),
        ca: fs.readFileSync(options.clientCaFile),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => this.#answer(request, response),
    );
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, '127.0.0.1', () => resolve());
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(
      request.url ?? '/',
      'https://kubelet',
    );
    const isMetrics = Object.hasOwn(this.#options.metrics, pathname);
    if (request.method === 'GET' && isMetrics) {
      this.#sendMetrics(pathname, response);
      return;
    }
    if (isMetricsClient(request)) {
      response.writeHead(403).end('for metrics only\n');
      return;
    }
    if (request.method === 'GET' && pathname === '/healthz') {
      const ready = this.#options.isReady();
      response.writeHead(ready ? 200 : 503).end(ready ? 'ok' : 'starting\n');
      return;
    }
    if (NOT_DONE.test(pathname)) {
      response.writeHead(501).end('this kubelet does not do that\n');
      return;
    }
    const [, namespace, podName, containerName] = LOGS.exec(pathname) ?? [];
    if (request.method !== 'GET' || !namespace) {
      response.writeHead(404).end('404 page not found\n');
      return;
    }
    const pod = this.#options.findPod(namespace, podName);
    const container = pod?.container(containerName);
    if (!container) {
      response
        .writeHead(404)
        .end(
          pod
            ? `container "${containerName}" not found in pod "${podName}_${namespace}"\n`
            : `pod "${podName}" does not exist\n`,
        );
      return;
    }
    sendLog(podName, container, searchParams, response).catch(() =>
      response.destroy(),
    );
  }

  #sendMetrics(pathname: string, response: ServerResponse): void {
    this.#options.metrics[pathname]().then(
      text =>
        response
          .writeHead(200, { 'content-type': METRICS_CONTENT_TYPE })
          .end(text),
      error => response.writeHead(500).end(`${error}\n`),
    );
  }
}

function isMetricsClient({ socket }: IncomingMessage): boolean {
  return (
    socket instanceof TLSSocket &&
    socket.getPeerCertificate().subject?.CN === KUBELET_METRICS_CLIENT
  );
}
