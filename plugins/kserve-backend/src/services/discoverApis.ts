// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import {
  type ApiServer,
  ApiServerError,
  LLM_SELECTOR,
  SERVICE_LABEL,
} from '@greenroom/plugin-kserve-node';
import { z } from 'zod';
import type { WatchedResource } from './ResourceWatch';

/** Something to watch; `id` is its own where two watches share a kind. */
export interface WatchPlan {
  id: string;
  resource: WatchedResource;
  isMine?: (object: KubernetesObject) => boolean;
}

/** Which APIs of those that matter here a cluster serves. */
export interface DiscoveredApis {
  /** Newest first; empty where there is no KServe. */
  kserveVersions: string[];
  argocd: boolean;
  resources: WatchPlan[];
}

const groupsSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
    }),
  ),
});

const resourcesSchema = z.object({
  resources: z.array(z.object({ name: z.string() })),
});

const isOfLlm = ({ metadata }: KubernetesObject) =>
  metadata?.labels?.[SERVICE_LABEL] === undefined;

/**
 * Asks an API server which of KServe, Gateway API, Knative and Argo CD it serves,
 * in at most seven requests.
 */
export async function discoverApis(
  server: ApiServer,
  signal: AbortSignal,
): Promise<DiscoveredApis> {
  const parsed = groupsSchema.safeParse(
    await server.getJson({ path: '/apis', signal }),
  );
  if (!parsed.success) {
    throw new ApiServerError(
      `What answers as cluster '${server.cluster}' is no Kubernetes API server`,
      { code: 'failed' },
    );
  }
  const versionsOf = (group: string) =>
    parsed.data.groups
      .find(({ name }) => name === group)
      ?.versions.map(({ version }) => version) ?? [];
  const namesOf = async (apiVersion: string): Promise<string[]> => {
    try {
      const { data } = resourcesSchema.safeParse(
        await server.getJson({ path: `/apis/${apiVersion}`, signal }),
      );
      return data?.resources.map(({ name }) => name) ?? [];
    } catch (error) {
      // It went between the two requests.
      if (error instanceof ApiServerError && error.status === 404) {
        return [];
      }
      throw error;
    }
  };
  /** The first of a group's versions that serves the resource; the server lists the best first. */
  const find = async (group: string, name: string) => {
    for (const version of versionsOf(group)) {
      const apiVersion = `${group}/${version}`;
      if ((await namesOf(apiVersion)).includes(name)) {
        return apiVersion;
      }
    }
    return undefined;
  };
  const argocd = (await find('argoproj.io', 'applications')) !== undefined;
  const services = await find('serving.kserve.io', 'inferenceservices');
  const llmServices = await find('serving.kserve.io', 'llminferenceservices');
  const kserveVersions =
    services || llmServices ? versionsOf('serving.kserve.io') : [];
  const resources: WatchPlan[] = [];
  const add = (
    name: string,
    kind: string,
    apiVersion: string | undefined,
    rest: Partial<WatchedResource & WatchPlan> = {},
  ) => {
    const { id = name, isMine, ...selectors } = rest;
    if (apiVersion) {
      resources.push({
        id,
        isMine,
        resource: { name, kind, apiVersion, ...selectors },
      });
    }
  };
  add('inferenceservices', 'InferenceService', services);
  add('llminferenceservices', 'LLMInferenceService', llmServices);
  if (kserveVersions.length > 0) {
    const own = {
      labelSelector: SERVICE_LABEL,
      isMine: (object: KubernetesObject) => !isOfLlm(object),
    };
    add('pods', 'Pod', 'v1', own);
    add('deployments', 'Deployment', 'apps/v1', own);
    add('replicasets', 'ReplicaSet', 'apps/v1', own);
    if (llmServices) {
      const llm = { labelSelector: LLM_SELECTOR, isMine: isOfLlm };
      add('pods', 'Pod', 'v1', { ...llm, id: 'llm pods' });
      add('deployments', 'Deployment', 'apps/v1', {
        ...llm,
        id: 'llm deployments',
      });
    }
    add('events', 'Event', 'v1', {
      fieldSelector:
        'involvedObject.kind!=Node,involvedObject.kind!=Job,involvedObject.kind!=CronJob',
    });
    add(
      'httproutes',
      'HTTPRoute',
      await find('gateway.networking.k8s.io', 'httproutes'),
    );
    const knative = await find('serving.knative.dev', 'revisions');
    add('revisions', 'Revision', knative, { labelSelector: SERVICE_LABEL });
    add('routes', 'Route', knative, { labelSelector: SERVICE_LABEL });
  }
  return { kserveVersions, argocd, resources };
}
