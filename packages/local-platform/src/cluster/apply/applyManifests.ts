// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import {
  KubernetesApiError,
  kubernetesRequest,
  requireOk,
} from './kubernetesRequest';

/** A Kubernetes object as it stands in a manifest: nothing is added or dropped. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}

/** What is applied, and to which cluster. */
export interface ApplyOptions {
  kubeConfig: KubeConfig;
  /** YAML of one or more documents (Lists are unfolded), or objects. */
  manifests: string | Manifest[];
  /** Who owns the fields, for example `greenroom-bootstrap`. */
  fieldManager: string;
  /** For namespaced objects that name none; without it they are refused. */
  namespace?: string;
  /** Only lets the API server check them, strictly: a field that it does not know is an error. */
  dryRun?: boolean;
  /** How long to wait for definitions to be served and webhooks to answer; 60 s if not given. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
  }),
});

const resourceListSchema = z.object({
  resources: z.array(
    z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() }),
  ),
});

/** What others need before they can be made. */
const FIRST = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];
/** What could refuse the others while its server is not up. */
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const RETRY_MS = 250;

/**
 * Reads YAML with one or more objects; `kind: List` is unfolded, empty documents are left out.
 *
 * @throws when a document is no object of Kubernetes
 */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { merge: true }).flatMap(document => {
    if (document.errors.length) {
      throw document.errors[0];
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) {
      return [];
    }
    const list = z.looseObject({
      kind: z.literal('List'),
      items: z.array(manifestSchema),
    });
    const unfolded = list.safeParse(value);
    return unfolded.success
      ? unfolded.data.items
      : [manifestSchema.parse(value)];
  });
}

/**
 * Server-side applies objects with force, definitions and namespaces first and webhooks last, and waits until new
 * definitions are served.
 *
 * @returns the objects as the API server stored them
 * @throws KubernetesApiError naming the object that was refused
 */
export async function applyManifests(
  options: ApplyOptions,
): Promise<Manifest[]> {
  const { kubeConfig, manifests, fieldManager, signal } = options;
  const objects =
    typeof manifests === 'string' ? parseManifests(manifests) : manifests;
  const deadline = Date.now() + (options.timeoutMs ?? 60_000);
  const kinds = new Map<string, { name: string; namespaced: boolean }>();

  const findKind = async ({ apiVersion, kind }: Manifest) => {
    const key = `${apiVersion}/${kind}`;
    const known = kinds.get(key);
    if (known) {
      return known;
    }
    const path = apiPath(apiVersion);
    for (;;) {
      const answer = await kubernetesRequest(kubeConfig, { path, signal });
      const list = resourceListSchema.safeParse(answer.body);
      const found = list.data?.resources.find(
        resource => resource.kind === kind && !resource.name.includes('/'),
      );
      if (found) {
        kinds.set(key, found);
        return found;
      }
      if (Date.now() > deadline || ![200, 404, 503].includes(answer.status)) {
        throw new KubernetesApiError(`${key} is not served`, answer);
      }
      await sleep(RETRY_MS, undefined, { signal });
    }
  };

  const applyOne = async (object: Manifest): Promise<Manifest> => {
    const resource = await findKind(object);
    const { name } = object.metadata;
    const namespace = object.metadata.namespace ?? options.namespace;
    const what = `${object.kind} ${namespace && resource.namespaced ? `${namespace}/` : ''}${name}`;
    if (resource.namespaced && !namespace) {
      throw new Error(`${what} names no namespace`);
    }
    const place = resource.namespaced ? `/namespaces/${namespace}` : '';
    const query = new URLSearchParams({
      fieldManager,
      force: 'true',
      ...(options.dryRun && { dryRun: 'All', fieldValidation: 'Strict' }),
    });
    for (;;) {
      try {
        const stored = await requireOk(
          what,
          kubernetesRequest(kubeConfig, {
            method: 'PATCH',
            path: `${apiPath(object.apiVersion)}${place}/${resource.name}/${encodeURIComponent(name)}?${query}`,
            contentType: 'application/apply-patch+yaml',
            body: object,
            signal,
          }),
        );
        return manifestSchema.parse(stored);
      } catch (error) {
        if (!isPassing(error) || Date.now() > deadline) {
          throw error;
        }
        await sleep(RETRY_MS, undefined, { signal });
      }
    }
  };

  const stored: Manifest[] = [];
  for (const object of inOrder(objects)) {
    stored.push(await applyOne(object));
  }
  return stored;
}

/** A webhook that does not listen yet, or a server that is starting. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof KubernetesApiError &&
    (error.status === 503 ||
      error.status === 429 ||
      (error.status === 500 &&
        error.message.includes('failed calling webhook')))
  );
}

function inOrder(objects: Manifest[]): Manifest[] {
  const rank = ({ kind }: Manifest) => {
    const first = FIRST.indexOf(kind);
    if (first >= 0) {
      return first;
    }
    return LAST.includes(kind) ? FIRST.length + 1 : FIRST.length;
  };
  return [...objects].sort((a, b) => rank(a) - rank(b));
}

function apiPath(apiVersion: string): string {
  return apiVersion.includes('/')
    ? `/apis/${apiVersion}`
    : `/api/${apiVersion}`;
}
