// SPDX-License-Identifier: Apache-2.0
import { ProcessUsage } from '../processTable';
import { MetricFamily } from './formatMetrics';

/** One container that runs, and what it takes. */
export interface RunningContainer {
  namespace: string;
  pod: string;
  container: string;
  image: string;
  usage: ProcessUsage;
  /** 0 where there is none. */
  memoryLimitBytes: number;
  oomEvents: number;
  startedAt: number;
}

/**
 * The series that cAdvisor makes of containers, with its names. What it reads of a control group is measured here of processes:
 * the working set is their resident memory, without what the kernel keeps of files for them.
 */
export function cadvisorMetrics(
  containers: RunningContainer[],
): MetricFamily[] {
  const family = (
    name: string,
    type: MetricFamily['type'],
    help: string,
    value: (container: RunningContainer) => number,
  ): MetricFamily => ({
    name: `container_${name}`,
    type,
    help,
    samples: containers.map(each => ({
      labels: {
        namespace: each.namespace,
        pod: each.pod,
        container: each.container,
        image: each.image,
      },
      value: value(each),
    })),
  });
  return [
    family(
      'memory_working_set_bytes',
      'gauge',
      'Current working set of the container in bytes.',
      ({ usage }) => usage.memoryBytes,
    ),
    family(
      'memory_rss',
      'gauge',
      'Size of RSS in bytes.',
      ({ usage }) => usage.memoryBytes,
    ),
    family(
      'cpu_usage_seconds_total',
      'counter',
      'Cumulative cpu time consumed in seconds.',
      ({ usage }) => usage.cpuSeconds,
    ),
    family(
      'spec_memory_limit_bytes',
      'gauge',
      'Memory limit for the container.',
      ({ memoryLimitBytes }) => memoryLimitBytes,
    ),
    family(
      'oom_events_total',
      'counter',
      'Count of out of memory events observed for the container.',
      ({ oomEvents }) => oomEvents,
    ),
    family(
      'start_time_seconds',
      'gauge',
      'Start time of the container since unix epoch in seconds.',
      ({ startedAt }) => startedAt / 1000,
    ),
  ];
}
