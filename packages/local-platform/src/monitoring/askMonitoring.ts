// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import https from 'node:https';
import { ClusterState } from '../cluster/controlplane/ClusterState';

const TIMEOUT_MS = 30_000;

/** What Prometheus and Alertmanager know their callers by, and the callers them. */
export function monitoringTls(state: ClusterState): https.RequestOptions {
  const read = (name: string) =>
    fs.readFileSync(state.certificate(name), 'utf8');
  return {
    cert: read('monitoring-client.crt'),
    key: read('monitoring-client.key'),
    ca: read('ca.crt'),
  };
}

/** One request to Prometheus or Alertmanager itself. */
export function askMonitoring(options: {
  state: ClusterState;
  port: 'prometheus' | 'alertmanager';
  path: string;
  method?: 'GET' | 'POST';
  signal?: AbortSignal;
}): Promise<{ status: number; text: string }> {
  const { state, port, path, method = 'GET', signal } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    https
      .request(
        {
          ...monitoringTls(state),
          host: '127.0.0.1',
          port: state.port(port),
          path,
          method,
          agent: false,
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        },
        response => {
          const chunks: Buffer[] = [];
          response
            .on('data', chunk => chunks.push(chunk))
            .on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                text: Buffer.concat(chunks).toString('utf8'),
              }),
            )
            .on('error', reject);
        },
      )
      .on('error', reject)
      .end();
  });
}
