// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { Container } from './Container';
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
}

const LOGS = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/;
const NOT_DONE = /^\/(exec|attach|portForward|run|cri)\//;

/** The kubelet's own API, for the API server only: who calls shows a certificate of its authority. */
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
}
