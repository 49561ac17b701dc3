// SPDX-License-Identifier: Apache-2.0
import { Node, Pod } from './kubeTypes';
import { parseQuantity } from './parseQuantity';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Requirement = {
  key: string;
  operator: string;
  values?: string[];
};

/** Why a pod cannot be on the only node, in the scheduler's words; `resolvable` where the end of another pod would help. */
interface Obstacle {
  reasons: string[];
  resolvable: boolean;
}

/**
 * Why a pod cannot be put on the only node, as kube-scheduler 1.34 says it; undefined when it can. Its filters in its order:
 * unschedulable, taints, node selector and affinity, resources.
 *
 * @param others - The pods that are on the node and not finished.
 */
export function findObstacle(
  pod: Pod,
  node: Node | undefined,
  others: Pod[],
): string | undefined {
  if (!node) {
    return 'no nodes available to schedule pods';
  }
  const obstacle = firstObstacle(pod, node, others);
  if (!obstacle) {
    return undefined;
  }
  const help = obstacle.resolvable
    ? 'No preemption victims found for incoming pod.'
    : 'Preemption is not helpful for scheduling.';
  const reasons = obstacle.reasons.map(reason => `1 ${reason}`).join(', ');
  return `0/1 nodes are available: ${reasons}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 ${help}`;
}

function firstObstacle(
  pod: Pod,
  node: Node,
  others: Pod[],
): Obstacle | undefined {
  const never = (reason: string) => ({ reasons: [reason], resolvable: false });
  if (node.spec?.unschedulable) {
    return never('node(s) were unschedulable');
  }
  const taint = node.spec?.taints?.find(
    each => each.effect !== 'PreferNoSchedule' && !isTolerated(each, pod),
  );
  if (taint) {
    return never(
      `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`,
    );
  }
  if (!isSelected(pod, node)) {
    return never("node(s) didn't match Pod's node affinity/selector");
  }
  return resourceObstacle(pod, node, others);
}

function isTolerated(taint: Taint, pod: Pod): boolean {
  return (pod.spec?.tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (!effect || effect === taint.effect) &&
      (key ? key === taint.key : operator === 'Exists') &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

function isSelected(pod: Pod, node: Node): boolean {
  const labels: Record<string, string> = node.metadata?.labels ?? {};
  const selector = Object.entries(pod.spec?.nodeSelector ?? {});
  const terms =
    pod.spec?.affinity?.nodeAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const fields = { 'metadata.name': node.metadata?.name ?? '' };
  return (
    selector.every(([name, value]) => labels[name] === value) &&
    (!terms ||
      terms.some(({ matchExpressions = [], matchFields = [] }) =>
        [
          ...matchExpressions.map(each => isMet(each, labels)),
          ...matchFields.map(each => isMet(each, fields)),
        ].every(Boolean),
      ))
  );
}

function isMet(
  { key, operator, values = [] }: Requirement,
  labels: Record<string, string>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function resourceObstacle(
  pod: Pod,
  node: Node,
  others: Pod[],
): Obstacle | undefined {
  const allocatable: Record<string, string> = node.status?.allocatable ?? {};
  const reasons: string[] = [];
  let resolvable = true;
  const compare = (name: string, wanted: number, used: number) => {
    const there = parseQuantity(allocatable[name] ?? '0');
    if (wanted > 0 && wanted > there - used) {
      reasons.push(name === 'pods' ? 'Too many pods' : `Insufficient ${name}`);
      // However many pods end, the node stays too small.
      resolvable &&= wanted <= there;
    }
  };
  compare('pods', 1, others.length);
  const used = others.map(requestsOf);
  for (const [name, wanted] of requestsOf(pod)) {
    const sum = used.reduce((total, each) => total + (each.get(name) ?? 0), 0);
    compare(name, wanted, sum);
  }
  return reasons.length ? { reasons: reasons.sort(), resolvable } : undefined;
}

/** What a pod asks for: its containers together, or the init container that asks for most. */
function requestsOf(pod: Pod): Map<string, number> {
  const total = new Map<string, number>();
  const add = (
    requests: Record<string, string> | undefined,
    join: (a: number, b: number) => number,
  ) => {
    for (const [name, quantity] of Object.entries(requests ?? {})) {
      total.set(name, join(total.get(name) ?? 0, parseQuantity(quantity)));
    }
  };
  for (const container of pod.spec?.containers ?? []) {
    add(container.resources?.requests, (a, b) => a + b);
  }
  for (const container of pod.spec?.initContainers ?? []) {
    add(
      container.resources?.requests,
      container.restartPolicy === 'Always' ? (a, b) => a + b : Math.max,
    );
  }
  return total;
}
