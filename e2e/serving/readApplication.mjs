// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { parse } from 'yaml';

/** @typedef {{ sync?: { status?: string }, health?: { status?: string }, operationState?: { phase?: string } }} ApplicationStatus */

/**
 * What Argo CD says of an application on the local cluster, asked with its own rights.
 *
 * @param {string} stateDir
 * @param {string} name
 * @returns {Promise<ApplicationStatus>}
 */
export function readApplication(stateDir, name) {
  const file = path.join(stateDir, 'cluster', 'kubeconfigs', 'argocd.yaml');
  const { clusters, users } = parse(fs.readFileSync(file, 'utf8'));
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  return new Promise((resolve, reject) => {
    const request = https.get(
      `${cluster.server}/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`,
      {
        ca: fs.readFileSync(cluster['certificate-authority']),
        headers: { authorization: `Bearer ${user.token}` },
      },
      async response => {
        let text = '';
        for await (const part of response.setEncoding('utf8')) {
          text += part;
        }
        resolve(JSON.parse(text).status ?? {});
      },
    );
    request.on('error', reject);
  });
}
