// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { Problem } from '../../../bootstrap/Problem.mjs';
import { findFreePort } from '../../../bootstrap/ports.mjs';
import { TestCluster, startCluster } from '../../testing/startCluster';
import { applyManifests } from '../apply/applyManifests';
import { readManifests } from '../controlplane/kserveManifests';
import { kubernetesRequest } from '../apply/kubernetesRequest';
import { readKubeconfig } from './readKubeconfig';

const BUILD_MS = 20 * 60_000;

let cluster: TestCluster;

/** The admin's kubeconfig with something else in it. */
function kubeconfig(
  change: (config: {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
    'current-context': string;
  }) => void = () => {},
): string {
  const config = parse(fs.readFileSync(cluster.kubeconfigFile, 'utf8'));
  change(config);
  const file = path.join(cluster.dataDir, 'given.yaml');
  fs.writeFileSync(file, stringify(config));
  return file;
}

const read = (file: string) =>
  readKubeconfig({ file, caFile: path.join(cluster.dataDir, 'given-ca.crt') });

/** The Problem's sentence and remedy. */
async function problemOf(file: string): Promise<string> {
  const error = await read(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  return error instanceof Problem ? error.format() : '';
}

const withToken = (token: string) =>
  kubeconfig(config => {
    config.users[0].user = { token };
  });

const remove = (objectPath: string) =>
  kubernetesRequest(cluster.kubeConfig('admin'), {
    method: 'DELETE',
    path: objectPath,
  });

beforeAll(async () => {
  cluster = await startCluster();
}, BUILD_MS);

afterAll(async () => {
  await cluster?.stop();
}, 60_000);

describe('a cluster that is there', () => {
  it('is refused in words that tell apart what is wrong', async () => {
    expect(await problemOf('/nowhere/config')).toContain('no file');
    const noContext = kubeconfig(config => {
      config['current-context'] = 'gone';
    });
    expect(await problemOf(noContext)).toContain('kubectl config use-context');

    const port = await findFreePort();
    const down = kubeconfig(config => {
      config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
    });
    expect(await problemOf(down)).toContain('cannot be reached');
    const otherAuthority = kubeconfig(config => {
      const file = cluster.state.certificate('etcd-ca.crt');
      config.clusters[0].cluster['certificate-authority'] = file;
    });
    expect(await problemOf(otherAuthority)).toContain('does not trust');
    expect(await problemOf(withToken('wrong'))).toContain('401');
    expect(await problemOf(kubeconfig())).toContain(
      'KServe is not installed in this cluster',
    );
  }, 60_000);

  it('must have KServe and Argo CD, and an account for the portal that may read', async () => {
    const admin = {
      kubeConfig: cluster.kubeConfig('admin'),
      fieldManager: 'test',
    };
    const manifests = path.join(cluster.binDir, 'manifests');
    await applyManifests({
      ...admin,
      manifests: readManifests(manifests, 'kserve', 'crd-minimal'),
    });
    expect(await problemOf(kubeconfig())).toContain(
      'Argo CD is not installed in this cluster',
    );
    await applyManifests({
      ...admin,
      manifests: readManifests(manifests, 'argocd', 'crds'),
    });

    // As of its own startup the laptop's cluster has the account.
    const { access, versions } = await read(kubeconfig());
    expect(versions.kubernetes).toBe('v1.34.4');
    expect(access).toMatchObject({ name: 'greenroom', url: cluster.server });
    expect(access.token).not.toBe(cluster.token('admin'));
    expect(fs.readFileSync(access.caFile ?? '', 'utf8')).toBe(
      fs.readFileSync(cluster.caFile, 'utf8'),
    );
    // The token is the portal's: it reads and does not write.
    const asPortal = async (method: 'GET' | 'DELETE', url: string) => {
      const response = await kubernetesRequest(
        Object.assign(cluster.kubeConfig('portal'), {
          users: [{ name: 'portal', token: access.token }],
        }),
        { method, path: url },
      );
      return response.status;
    };
    const pods = '/api/v1/namespaces/default/pods';
    expect(await asPortal('GET', pods)).toBe(200);
    expect(await asPortal('DELETE', pods)).toBe(403);
    expect(await asPortal('GET', '/api/v1/secrets')).toBe(403);

    // The account itself may not make tokens; its own is used as it is.
    const own = await read(withToken(access.token));
    expect(own.access.token).toBe(access.token);

    await remove(
      '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/greenroom:portal',
    );
    expect(await problemOf(kubeconfig())).toMatch(
      /may not: list inferenceservices, .*create services\/proxy/,
    );
    await remove('/api/v1/namespaces/greenroom/serviceaccounts/portal');
    const noAccount = await problemOf(kubeconfig());
    expect(noAccount).toContain('no service account greenroom/portal');
    expect(noAccount).toContain('deploy/apps/greenroom/portal-access');
  }, 120_000);

  it('is too old below what serving needs', async () => {
    await applyManifests({
      kubeConfig: cluster.kubeConfig('admin'),
      fieldManager: 'test',
      manifests: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {
            name: 'kserve-controller-manager',
            namespace: 'default',
            labels: { 'control-plane': 'kserve-controller-manager' },
          },
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: 'kserve' } },
            template: {
              metadata: { labels: { app: 'kserve' } },
              spec: {
                containers: [
                  {
                    name: 'manager',
                    image: 'kserve/kserve-controller:v0.15.2',
                  },
                ],
              },
            },
          },
        },
      ],
    });
    expect(await problemOf(kubeconfig())).toContain(
      'KServe v0.15.2 is too old',
    );
  }, 60_000);
});
