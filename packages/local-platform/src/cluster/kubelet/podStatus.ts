// SPDX-License-Identifier: Apache-2.0
import { ContainerStatus, kubeTime, Pod, PodStatus } from './kubeTypes';

type Condition = NonNullable<PodStatus['conditions']>[number];

/** What the status of a pod is made of. */
export interface PodFacts {
  pod: Pod;
  nodeIP: string;
  podIP?: string;
  startTime: string;
  containers: ContainerStatus[];
  initContainers: ContainerStatus[];
  /** The pod is being deleted, and its containers have been stopped. */
  isStopped?: boolean;
}

/** The status of a pod, phase and conditions worded as the kubelet of 1.34 words them. */
export function podStatus(
  facts: PodFacts,
  now: number = Date.now(),
): PodStatus {
  const { pod, nodeIP, podIP, startTime, containers, initContainers } = facts;
  const phase =
    (facts.isStopped && stoppedPhase(containers)) ||
    podPhase(pod, containers, initContainers);
  return {
    phase,
    observedGeneration: pod.metadata?.generation,
    conditions: conditions(facts, phase, kubeTime(now)),
    hostIP: nodeIP,
    hostIPs: [{ ip: nodeIP }],
    ...(podIP && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    containerStatuses: containers,
    ...(initContainers.length && { initContainerStatuses: initContainers }),
  };
}

/** The kubelet's `getPhase`. */
export function podPhase(
  pod: Pod,
  containers: ContainerStatus[],
  initContainers: ContainerStatus[],
): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const sidecars = sidecarNames(pod);
  for (const { name, state, lastState, started } of initContainers) {
    if (sidecars.has(name)) {
      if (!started && !lastState?.terminated) {
        return 'Pending';
      }
      continue;
    }
    const ended = state?.terminated;
    if (!ended) {
      return 'Pending';
    }
    if (ended.exitCode !== 0) {
      return policy === 'Never' ? 'Failed' : 'Pending';
    }
  }
  const running = containers.filter(each => each.state?.running);
  const ended = containers.flatMap(
    ({ state, lastState }) =>
      state?.terminated ?? (state?.waiting && lastState?.terminated) ?? [],
  );
  if (running.length + ended.length < containers.length) {
    return 'Pending';
  }
  if (running.length || policy === 'Always') {
    return 'Running';
  }
  if (ended.every(({ exitCode }) => exitCode === 0)) {
    return 'Succeeded';
  }
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** However it would be restarted: a pod that was stopped ends in one of two ways. */
function stoppedPhase(
  containers: ContainerStatus[],
): 'Succeeded' | 'Failed' | undefined {
  const codes = containers.map(({ state }) => state?.terminated?.exitCode);
  if (codes.includes(undefined)) {
    return undefined;
  }
  return codes.every(code => code === 0) ? 'Succeeded' : 'Failed';
}

function sidecarNames(pod: Pod): Set<string> {
  return new Set(
    (pod.spec?.initContainers ?? [])
      .filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(({ name }) => name),
  );
}

function conditions(facts: PodFacts, phase: string, now: string): Condition[] {
  const { pod, podIP, containers, initContainers } = facts;
  const old = pod.status?.conditions ?? [];
  const sidecars = sidecarNames(pod);
  const unready = namesOf(
    [
      ...initContainers.filter(({ name }) => sidecars.has(name)),
      ...containers,
    ].filter(({ ready }) => !ready),
  );
  const incomplete = namesOf(
    initContainers.filter(({ name, started, state }) =>
      sidecars.has(name) ? !started : state?.terminated?.exitCode !== 0,
    ),
  );
  const containersReady = readyTexts(phase, unready);
  const missingGate = (pod.spec?.readinessGates ?? []).find(
    ({ conditionType }) =>
      !old.some(
        ({ type, status }) => type === conditionType && status === 'True',
      ),
  );
  const told: [string, Texts | undefined][] = [
    ['PodReadyToStartContainers', podIP ? undefined : {}],
    [
      'Initialized',
      incomplete && phase !== 'Succeeded'
        ? {
            reason: 'ContainersNotInitialized',
            message: `containers with incomplete status: ${incomplete}`,
          }
        : undefined,
    ],
    [
      'Ready',
      containersReady ??
        (missingGate && {
          reason: 'ReadinessGatesNotReady',
          message: `corresponding condition of pod readiness gate "${missingGate.conditionType}" does not exist.`,
        }),
    ],
    ['ContainersReady', containersReady],
    ['PodScheduled', undefined],
  ];
  const mine = told.map(([type, problem]): Condition => {
    const status = problem ? 'False' : 'True';
    const before = old.find(each => each.type === type);
    return {
      type,
      status,
      ...problem,
      observedGeneration: pod.metadata?.generation,
      lastTransitionTime:
        before?.status === status ? before.lastTransitionTime : now,
    };
  });
  const others = old.filter(({ type }) =>
    told.every(([mineType]) => mineType !== type),
  );
  return [...mine, ...others];
}

interface Texts {
  reason?: string;
  message?: string;
}

function readyTexts(phase: string, unready: string): Texts | undefined {
  if (phase === 'Succeeded') {
    return { reason: 'PodCompleted' };
  }
  if (phase === 'Failed') {
    return { reason: 'PodFailed' };
  }
  return unready
    ? {
        reason: 'ContainersNotReady',
        message: `containers with unready status: ${unready}`,
      }
    : undefined;
}

/** Names as Go prints a list of them; empty when there are none. */
function namesOf(statuses: ContainerStatus[]): string {
  return statuses.length
    ? `[${statuses.map(({ name }) => name).join(' ')}]`
    : '';
}
