// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Manifest, parseManifests } from '../apply/applyManifests';

/** What KServe's own manifests are adapted to. */
export interface KserveManifestOptions {
  /** Holds `kserve/` and `gateway-api/`, as `buildCluster` copies them from the modules. */
  manifestsDir: string;
  /** `full` validates as a production cluster does and takes half a minute more to start. */
  crds: 'minimal' | 'full';
  /** Where KServe's webhooks listen on this machine. */
  webhookPort: number;
  /** PEM of the authority that signed the webhooks' certificate. */
  webhookCa: string;
}

const NAMESPACE = 'kserve';

const configMapSchema = z.looseObject({
  data: z.record(z.string(), z.string()),
});

const webhooksSchema = z.array(
  z.looseObject({
    clientConfig: z.object({ service: z.object({ path: z.string() }) }),
  }),
);

/** Every manifest of a folder of `manifestsDir`, or of one file; what only kustomize reads is left out. */
export function readManifests(
  manifestsDir: string,
  ...names: string[]
): Manifest[] {
  const target = path.join(manifestsDir, ...names);
  const files = fs.statSync(target).isDirectory()
    ? fs
        .readdirSync(target)
        .filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml')
        .sort()
        .map(name => path.join(target, name))
    : [target];
  return files.flatMap(file => parseManifests(fs.readFileSync(file, 'utf8')));
}

/**
 * KServe as its release installs it, for a controller that runs as a process: Standard deployments behind a Gateway, and
 * webhooks by URL, as no pod could be reached by a service.
 */
export function kserveManifests(options: KserveManifestOptions): Manifest[] {
  const { manifestsDir, crds } = options;
  const read = (...names: string[]) => readManifests(manifestsDir, ...names);
  const crdsDir = ['kserve', `crd-${crds}`];
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'control-plane': 'kserve' } },
    },
    ...read(...crdsDir),
    ...read(...crdsDir, 'clusterstoragecontainer'),
    ...read('gateway-api'),
    ...['service_account', 'role', 'role_binding'].flatMap(name =>
      read('kserve', 'rbac', `${name}.yaml`).map(inNamespace),
    ),
    ...read('kserve', 'configmap', 'inferenceservice.yaml').map(configure),
    ...read('kserve', 'webhook', 'manifests.yaml').map(manifest =>
      byUrl(manifest, options),
    ),
  ];
}

/** As kustomize does it: namespaced objects and the subjects of bindings are in KServe's namespace. */
function inNamespace(manifest: Manifest): Manifest {
  if (manifest.kind === 'ServiceAccount') {
    return {
      ...manifest,
      metadata: { ...manifest.metadata, namespace: NAMESPACE },
    };
  }
  const subjects = z
    .array(z.looseObject({ kind: z.string() }))
    .optional()
    .parse(manifest.subjects);
  return subjects
    ? {
        ...manifest,
        subjects: subjects.map(subject => ({
          ...subject,
          namespace: NAMESPACE,
        })),
      }
    : manifest;
}

function configure(manifest: Manifest): Manifest {
  const { _example, ...data } = configMapSchema.parse(manifest).data;
  const change = (key: string, changes: Record<string, unknown>) => {
    data[key] = JSON.stringify({ ...JSON.parse(data[key]), ...changes });
  };
  change('deploy', { defaultDeploymentMode: 'Standard' });
  change('ingress', {
    enableGatewayApi: true,
    kserveIngressGateway: 'kserve/kserve-ingress-gateway',
    ingressDomain: 'greenroom.localhost',
    disableIstioVirtualHost: true,
    disableIngressCreation: false,
    urlScheme: 'http',
  });
  data.inferenceService = JSON.stringify({
    // A laptop has no room for the 1 CPU and 2 GiB that each would ask for.
    resource: {
      cpuRequest: '50m',
      memoryRequest: '64Mi',
      cpuLimit: '1',
      memoryLimit: '1Gi',
    },
  });
  return { ...manifest, data };
}

function byUrl(manifest: Manifest, options: KserveManifestOptions): Manifest {
  const { creationTimestamp, ...metadata } = manifest.metadata;
  const caBundle = Buffer.from(options.webhookCa).toString('base64');
  return {
    ...manifest,
    metadata,
    webhooks: webhooksSchema.parse(manifest.webhooks).map(webhook => ({
      ...webhook,
      clientConfig: {
        url: `https://127.0.0.1:${options.webhookPort}${webhook.clientConfig.service.path}`,
        caBundle,
      },
      // The manifests say v1beta1, which the API server no longer sends.
      admissionReviewVersions: ['v1'],
      timeoutSeconds: 5,
    })),
  };
}
