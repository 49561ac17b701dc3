// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { selectorSchema } from './matchesSelector';

const metadataSchema = z.looseObject({
  namespace: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
});

const portSchema = z.union([z.string(), z.number()]);

const endpointSchema = z.looseObject({
  port: z.string().optional(),
  /** Of PodMonitors. */
  portNumber: z.number().optional(),
  targetPort: portSchema.optional(),
  path: z.string().optional(),
  scheme: z.string().optional(),
  interval: z.string().optional(),
  scrapeTimeout: z.string().optional(),
});

const monitorSpec = {
  selector: selectorSchema,
  namespaceSelector: z
    .looseObject({
      any: z.boolean().optional(),
      matchNames: z.array(z.string()).optional(),
    })
    .optional(),
  jobLabel: z.string().optional(),
};

export const serviceMonitorSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    ...monitorSpec,
    endpoints: z.array(endpointSchema).default([]),
  }),
});

export const podMonitorSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    ...monitorSpec,
    podMetricsEndpoints: z.array(endpointSchema).default([]),
  }),
});

export const serviceSchema = z.looseObject({ metadata: metadataSchema });

export const endpointSliceSchema = z.looseObject({
  metadata: metadataSchema,
  ports: z
    .array(z.looseObject({ name: z.string().optional(), port: z.number() }))
    .nullish(),
  endpoints: z
    .array(
      z.looseObject({
        targetRef: z
          .looseObject({ kind: z.string(), name: z.string() })
          .optional(),
      }),
    )
    .nullish(),
});

export const podSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        name: z.string(),
        ports: z
          .array(
            z.looseObject({
              name: z.string().optional(),
              containerPort: z.number(),
            }),
          )
          .default([]),
      }),
    ),
  }),
  status: z.looseObject({
    phase: z.string().optional(),
    podIP: z.string().optional(),
  }),
});

export type ServiceMonitor = z.infer<typeof serviceMonitorSchema>;
export type PodMonitor = z.infer<typeof podMonitorSchema>;
export type MonitorEndpoint = z.infer<typeof endpointSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type EndpointSlice = z.infer<typeof endpointSliceSchema>;
export type ServedPod = z.infer<typeof podSchema>;

/** What targets are found in. */
export interface MonitoringObjects {
  serviceMonitors: ServiceMonitor[];
  podMonitors: PodMonitor[];
  services: Service[];
  endpointSlices: EndpointSlice[];
  pods: ServedPod[];
}
