// SPDX-License-Identifier: Apache-2.0
import { ContainerSpec, ContainerStatus, Pod, podKey } from '../kubeTypes';
import { parseQuantity } from '../parseQuantity';
import { MetricFamily } from './formatMetrics';

type Samples = MetricFamily['samples'];
type Labels = Record<string, string>;

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];
/** As the chart kube-prometheus-stack is told by its metricLabelsAllowlist. */
const SHOWN_LABELS = ['serving.kserve.io/inferenceservice'];
/** What kube-state-metrics shows of a quantity, by the resource. */
const UNITS: Record<string, string> = { cpu: 'core', memory: 'byte' };

/** The series that kube-state-metrics makes of pods, with its names and labels: those that rules and dashboards read. */
export function kubeStateMetrics(pods: Pod[]): MetricFamily[] {
  const family = (
    name: string,
    help: string,
    samples: Samples,
    type: MetricFamily['type'] = 'gauge',
  ): MetricFamily => ({ name, help, type, samples });
  const perPod = (make: (pod: Pod, labels: Labels) => Samples) =>
    pods.flatMap(pod => make(pod, labelsOf(pod)));
  return [
    family('kube_pod_info', 'Information about pod.', perPod(podInfo)),
    family('kube_pod_labels', 'Kubernetes labels of pods.', perPod(podLabels)),
    family(
      'kube_pod_status_phase',
      'The phase of the pod.',
      perPod(({ status }, labels) =>
        PHASES.map(phase => ({
          labels: { ...labels, phase },
          value: Number(status?.phase === phase),
        })),
      ),
    ),
    family(
      'kube_pod_status_ready',
      'Whether the pod is ready to serve requests.',
      perPod(podReady),
    ),
    ...containerFamilies(pods, 'kube_pod_container', pod => ({
      specs: pod.spec?.containers,
      statuses: pod.status?.containerStatuses,
    })),
    ...containerFamilies(pods, 'kube_pod_init_container', pod => ({
      specs: pod.spec?.initContainers,
      statuses: pod.status?.initContainerStatuses,
    })),
  ];
}

function labelsOf(pod: Pod): Labels {
  const { namespace, name, uid } = podKey(pod);
  return { namespace, pod: name, uid };
}

function podInfo({ spec, status, metadata }: Pod, labels: Labels): Samples {
  const [owner] = metadata?.ownerReferences ?? [];
  return [
    {
      labels: {
        ...labels,
        node: spec?.nodeName ?? '',
        pod_ip: status?.podIP ?? '',
        host_ip: status?.hostIP ?? '',
        created_by_kind: owner?.kind ?? '',
        created_by_name: owner?.name ?? '',
      },
      value: 1,
    },
  ];
}

function podLabels({ metadata }: Pod, labels: Labels): Samples {
  const shown = SHOWN_LABELS.flatMap(name => {
    const value = metadata?.labels?.[name];
    return value === undefined
      ? []
      : [[`label_${name.replace(/[^a-zA-Z0-9_]/g, '_')}`, value]];
  });
  return [{ labels: { ...labels, ...Object.fromEntries(shown) }, value: 1 }];
}

function podReady({ status }: Pod, labels: Labels): Samples {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready
    ? ['true', 'false', 'unknown'].map(condition => ({
        labels: { ...labels, condition },
        value: Number(ready.status.toLowerCase() === condition),
      }))
    : [];
}

function containerFamilies(
  pods: Pod[],
  prefix: string,
  read: (pod: Pod) => {
    specs?: ContainerSpec[];
    statuses?: ContainerStatus[];
  },
): MetricFamily[] {
  const perStatus = (
    make: (status: ContainerStatus) => [Labels, number] | undefined,
  ): Samples =>
    pods.flatMap(pod =>
      (read(pod).statuses ?? []).flatMap(status => {
        const made = make(status);
        return made
          ? [
              {
                labels: {
                  ...labelsOf(pod),
                  container: status.name,
                  ...made[0],
                },
                value: made[1],
              },
            ]
          : [];
      }),
    );
  const resources = (kind: 'limits' | 'requests'): Samples =>
    pods.flatMap(pod =>
      (read(pod).specs ?? []).flatMap(spec =>
        Object.entries(spec.resources?.[kind] ?? {}).map(
          ([resource, quantity]) => ({
            labels: {
              ...labelsOf(pod),
              container: spec.name,
              node: pod.spec?.nodeName ?? '',
              resource: resource.replace(/[^a-zA-Z0-9_]/g, '_'),
              unit: UNITS[resource] ?? 'integer',
            },
            value: parseQuantity(quantity),
          }),
        ),
      ),
    );
  const gauge = (name: string, help: string, samples: Samples) => ({
    name: `${prefix}_${name}`,
    help,
    type: 'gauge' as const,
    samples,
  });
  return [
    {
      name: `${prefix}_status_restarts_total`,
      help: 'The number of container restarts per container.',
      type: 'counter',
      samples: perStatus(({ restartCount }) => [{}, restartCount]),
    },
    gauge(
      'status_ready',
      'Whether the container is ready.',
      perStatus(({ ready }) => [{}, Number(ready)]),
    ),
    gauge(
      'status_running',
      'Whether the container is running.',
      perStatus(({ state }) => [{}, Number(state?.running !== undefined)]),
    ),
    gauge(
      'status_waiting_reason',
      'Why the container is waiting.',
      perStatus(({ state }) =>
        state?.waiting?.reason
          ? [{ reason: state.waiting.reason }, 1]
          : undefined,
      ),
    ),
    gauge(
      'status_terminated_reason',
      'Why the container is terminated.',
      perStatus(({ state }) =>
        state?.terminated?.reason
          ? [{ reason: state.terminated.reason }, 1]
          : undefined,
      ),
    ),
    gauge(
      'status_last_terminated_reason',
      'Why the container was terminated the last time.',
      perStatus(({ lastState }) =>
        lastState?.terminated?.reason
          ? [{ reason: lastState.terminated.reason }, 1]
          : undefined,
      ),
    ),
    gauge(
      'status_last_terminated_exitcode',
      'The exit code of the last termination.',
      perStatus(({ lastState }) =>
        lastState?.terminated ? [{}, lastState.terminated.exitCode] : undefined,
      ),
    ),
    gauge(
      'resource_limits',
      'The limits that a container asks for.',
      resources('limits'),
    ),
    gauge(
      'resource_requests',
      'The requests that a container makes.',
      resources('requests'),
    ),
  ];
}
