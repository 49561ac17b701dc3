// SPDX-License-Identifier: Apache-2.0
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { kubernetesRequest } from '../cluster/apply/kubernetesRequest';
import { prometheusRuleSchema } from './localRules';
import {
  MonitoringObjects,
  endpointSliceSchema,
  podMonitorSchema,
  podSchema,
  serviceMonitorSchema,
  serviceSchema,
} from './monitoringObjects';

const MONITORING = '/apis/monitoring.coreos.com/v1';
const listSchema = z.object({ items: z.array(z.unknown()) });

export type PrometheusRule = z.infer<typeof prometheusRuleSchema>;

/**
 * Everything of the cluster that says what is scraped and which rules there are. An object that is not as it should be is left
 * out: here the operator's definitions do not check them.
 *
 * @throws when the API server does not answer
 */
export async function readMonitoringObjects(
  kubeConfig: KubeConfig,
  signal?: AbortSignal,
): Promise<MonitoringObjects & { prometheusRules: PrometheusRule[] }> {
  const list = async <T>(path: string, schema: z.ZodType<T>): Promise<T[]> => {
    const { status, body, text } = await kubernetesRequest(kubeConfig, {
      path,
      signal,
    });
    if (status === 404) {
      // Its definition comes with the first manifests.
      return [];
    }
    if (status !== 200) {
      throw new Error(`${path}: ${status} ${text.slice(0, 200)}`);
    }
    return listSchema.parse(body).items.flatMap(item => {
      const { data } = schema.safeParse(item);
      return data === undefined ? [] : [data];
    });
  };
  const [
    serviceMonitors,
    podMonitors,
    prometheusRules,
    services,
    endpointSlices,
    pods,
  ] = await Promise.all([
    list(`${MONITORING}/servicemonitors`, serviceMonitorSchema),
    list(`${MONITORING}/podmonitors`, podMonitorSchema),
    list(`${MONITORING}/prometheusrules`, prometheusRuleSchema),
    list('/api/v1/services', serviceSchema),
    list('/apis/discovery.k8s.io/v1/endpointslices', endpointSliceSchema),
    list('/api/v1/pods', podSchema),
  ]);
  return {
    serviceMonitors,
    podMonitors,
    prometheusRules,
    services,
    endpointSlices,
    pods,
  };
}
