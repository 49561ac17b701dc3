// SPDX-License-Identifier: Apache-2.0
import { matchesSelector } from './matchesSelector';
import {
  EndpointSlice,
  MonitorEndpoint,
  MonitoringObjects,
  PodMonitor,
  ServedPod,
  Service,
  ServiceMonitor,
} from './monitoringObjects';
import { SCRAPE_INTERVAL } from './prometheusConfig';
import { shortenDuration } from './shortenDuration';

/** One entry of a file of Prometheus' file_sd. */
export interface ScrapeTarget {
  targets: string[];
  labels: Record<string, string>;
}

interface Port {
  number: number;
  /** Which container has it. */
  container: string;
  /** How the monitor names it. */
  endpoint: string;
}

const SERVICE_OF_SLICE = 'kubernetes.io/service-name';
const SCRAPE_TIMEOUT = '10s';

/**
 * What Prometheus scrapes by the ServiceMonitors and PodMonitors of a cluster, with the labels that the Prometheus operator
 * gives: namespace, pod, container, service, endpoint, job.
 */
export function scrapeTargets(objects: MonitoringObjects): ScrapeTarget[] {
  const pods = objects.pods.filter(
    ({ status }) =>
      status.podIP && !['Succeeded', 'Failed'].includes(status.phase ?? ''),
  );
  return [
    ...objects.serviceMonitors.flatMap(monitor =>
      targetsOfServices(monitor, { ...objects, pods }),
    ),
    ...objects.podMonitors.flatMap(monitor => targetsOfPods(monitor, pods)),
  ];
}

function isIn(
  { metadata, spec }: ServiceMonitor | PodMonitor,
  namespace: string,
): boolean {
  const { any, matchNames } = spec.namespaceSelector ?? {};
  return (
    any === true || (matchNames ?? [metadata.namespace]).includes(namespace)
  );
}

function targetsOfServices(
  monitor: ServiceMonitor,
  { services, endpointSlices, pods }: MonitoringObjects,
): ScrapeTarget[] {
  const { selector, endpoints, jobLabel } = monitor.spec;
  return services
    .filter(
      ({ metadata }) =>
        isIn(monitor, metadata.namespace) &&
        matchesSelector(metadata.labels, selector),
    )
    .flatMap(service =>
      endpointSlices
        .filter(slice => isOf(slice, service))
        .flatMap(slice =>
          podsOf(slice, pods).flatMap(pod =>
            endpoints.flatMap(endpoint =>
              portsOfSlice(endpoint, slice, pod).map(port =>
                target(endpoint, pod, port, {
                  job:
                    (jobLabel && service.metadata.labels[jobLabel]) ||
                    service.metadata.name,
                  service: service.metadata.name,
                }),
              ),
            ),
          ),
        ),
    );
}

function isOf({ metadata }: EndpointSlice, service: Service): boolean {
  return (
    metadata.namespace === service.metadata.namespace &&
    metadata.labels[SERVICE_OF_SLICE] === service.metadata.name
  );
}

function podsOf(slice: EndpointSlice, pods: ServedPod[]): ServedPod[] {
  const names = (slice.endpoints ?? [])
    .filter(({ targetRef }) => targetRef?.kind === 'Pod')
    .map(({ targetRef }) => targetRef?.name);
  return pods.filter(
    ({ metadata }) =>
      metadata.namespace === slice.metadata.namespace &&
      names.includes(metadata.name),
  );
}

function portsOfSlice(
  { port, targetPort }: MonitorEndpoint,
  slice: EndpointSlice,
  pod: ServedPod,
): Port[] {
  const declared = portsOfPod(pod);
  if (port !== undefined) {
    return (slice.ports ?? [])
      .filter(({ name }) => name === port)
      .map(({ port: number }) => ({
        number,
        endpoint: port,
        container:
          declared.find(each => each.number === number)?.container ?? '',
      }));
  }
  return declared.filter(
    ({ number, name }) => targetPort === number || targetPort === name,
  );
}

function portsOfPod({ spec }: ServedPod): (Port & { name?: string })[] {
  return spec.containers.flatMap(({ name: container, ports }) =>
    ports.map(({ name, containerPort }) => ({
      name,
      number: containerPort,
      container,
      endpoint: name ?? String(containerPort),
    })),
  );
}

function targetsOfPods(monitor: PodMonitor, pods: ServedPod[]): ScrapeTarget[] {
  const { metadata, spec } = monitor;
  const { selector, podMetricsEndpoints, jobLabel } = spec;
  return pods
    .filter(
      pod =>
        isIn(monitor, pod.metadata.namespace) &&
        matchesSelector(pod.metadata.labels, selector),
    )
    .flatMap(pod =>
      podMetricsEndpoints.flatMap(endpoint =>
        portsOfPod(pod)
          .filter(
            ({ number, name }) =>
              endpoint.portNumber === number ||
              (endpoint.port !== undefined && endpoint.port === name),
          )
          .map(port =>
            target(endpoint, pod, port, {
              job:
                (jobLabel && pod.metadata.labels[jobLabel]) ||
                `${metadata.namespace}/${metadata.name}`,
            }),
          ),
      ),
    );
}

function target(
  { path, scheme, interval, scrapeTimeout, targetPort }: MonitorEndpoint,
  { metadata, status }: ServedPod,
  { number, container, endpoint }: Port,
  more: Record<string, string>,
): ScrapeTarget {
  const every = shortenDuration(interval ?? SCRAPE_INTERVAL, SCRAPE_INTERVAL);
  const patience = shortenDuration(
    scrapeTimeout ?? SCRAPE_TIMEOUT,
    SCRAPE_TIMEOUT,
  );
  return {
    targets: [`${status.podIP}:${number}`],
    labels: {
      namespace: metadata.namespace,
      pod: metadata.name,
      container,
      endpoint: targetPort === undefined ? endpoint : String(targetPort),
      ...more,
      __metrics_path__: path ?? '/metrics',
      __scheme__: scheme ?? 'http',
      __scrape_interval__: every,
      // Prometheus drops a target that waits longer than it lasts until the next time.
      __scrape_timeout__: shortenDuration(patience, every),
    },
  };
}
