// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PACKAGE_DIR } from '../../paths';
import { Manifest, parseManifests } from '../apply/applyManifests';

/** A repository of manifests, as the template Infra manifests makes it. */
export interface ManifestsRepository {
  /** Its page, for example `http://localhost:3002/greenroom-demo/infra-manifests`. */
  url: string;
  /** REST of the same server, for example `http://localhost:3002/api/v3`. */
  apiUrl: string;
  /** For a private repository. */
  token?: string;
}

/** What only a running platform knows. */
export interface LaptopOptions {
  /** Finds `kustomize`. */
  tools: string;
  /** Where Traefik takes requests. */
  gatewayPort: number;
  repository: ManifestsRepository;
  /** Argo CD signs sessions with it; nobody has any here. */
  serverKey: string;
}

/** Where all servers of Argo CD look for their objects. */
export const ARGOCD_NAMESPACE = 'argocd';

const DEPLOY_DIR = path.resolve(PACKAGE_DIR, '..', '..', 'deploy');

const gatewaySchema = z.looseObject({
  listeners: z.array(z.looseObject({ port: z.number() })),
});

/** The URL by which git and Argo CD know a repository; both compare it letter by letter. */
export const cloneUrl = ({ url }: ManifestsRepository) => `${url}.git`;

/** `infra-manifests` of `http://localhost:3002/greenroom-demo/infra-manifests`. */
export function repositoryName({ url }: ManifestsRepository): string {
  return path.posix.basename(new URL(url).pathname);
}

/** `deploy/clusters/laptop`, with this machine's ports and repository in it. */
export async function laptopManifests(
  options: LaptopOptions,
): Promise<Manifest[]> {
  const { stdout } = await promisify(execFile)(
    path.join(options.tools, 'kustomize'),
    ['build', path.join(DEPLOY_DIR, 'clusters', 'laptop')],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  return [
    ...parseManifests(stdout).map(manifest => adapt(manifest, options)),
    ...secrets(options),
  ];
}

function adapt(manifest: Manifest, options: LaptopOptions): Manifest {
  const { kind, metadata } = manifest;
  if (kind === 'Gateway') {
    const spec = gatewaySchema.parse(manifest.spec);
    const listeners = spec.listeners.map(listener => ({
      ...listener,
      port: options.gatewayPort,
    }));
    return { ...manifest, spec: { ...spec, listeners } };
  }
  if (kind === 'AppProject' && metadata.name === 'bootstrap') {
    const spec = z.looseObject({}).parse(manifest.spec);
    const sourceRepos = [cloneUrl(options.repository)];
    return { ...manifest, spec: { ...spec, sourceRepos } };
  }
  return manifest;
}

function secrets({ repository, serverKey }: LaptopOptions): Manifest[] {
  const secret = (
    name: string,
    labels: Record<string, string>,
    stringData: Record<string, string>,
  ): Manifest => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: ARGOCD_NAMESPACE,
      labels: { 'app.kubernetes.io/part-of': 'argocd', ...labels },
    },
    stringData,
  });
  return [
    secret('argocd-secret', {}, { 'server.secretkey': serverKey }),
    secret(
      'manifests-repository',
      { 'argocd.argoproj.io/secret-type': 'repository' },
      {
        type: 'git',
        url: cloneUrl(repository),
        ...(repository.token && {
          username: 'x-access-token',
          password: repository.token,
        }),
      },
    ),
  ];
}

/**
 * The first Application: Argo CD's own objects of the repository. Among them is the Application of this very name, in the
 * project that the repository has for it, which so takes its place.
 */
export function rootApplication(repository: ManifestsRepository): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: repositoryName(repository), namespace: ARGOCD_NAMESPACE },
    spec: {
      project: 'bootstrap',
      source: {
        repoURL: cloneUrl(repository),
        targetRevision: 'main',
        path: 'argocd',
      },
      destination: {
        server: 'https://kubernetes.default.svc',
        namespace: ARGOCD_NAMESPACE,
      },
      syncPolicy: {
        automated: { prune: false, selfHeal: true },
        syncOptions: ['ServerSideApply=true'],
        retry: {
          limit: 5,
          refresh: true,
          backoff: { duration: '2s', factor: 2, maxDuration: '1m' },
        },
      },
    },
  };
}
