// SPDX-License-Identifier: Apache-2.0
import { quantity } from '../facts/quantity';
import { at, isJson, listAt, textAt, textsAt, type Json } from '../read/json';
import type { KubeObject } from '../read/readObjects';

/** Of the node controller: pods of DaemonSets are placed all the same. */
const OF_CONTROLLER = /^node\.kubernetes\.io\//;

const tolerates = (toleration: Json, taint: Json) =>
  (toleration.effect === undefined || toleration.effect === taint.effect) &&
  (toleration.key === undefined || toleration.key === taint.key) &&
  (toleration.operator === 'Exists' ||
    (textAt(toleration, 'value') ?? '') === (textAt(taint, 'value') ?? ''));

const describeTaint = (taint: Json) =>
  `${textAt(taint, 'key')}=${textAt(taint, 'value') ?? ''}:${textAt(taint, 'effect')}`;

/** The taint of a node that keeps a pod away. */
function taintAgainst(spec: unknown, node: KubeObject): string | undefined {
  const tolerations = listAt(spec, 'tolerations');
  const taint = listAt(node.raw, 'spec', 'taints').find(
    each =>
      each.effect !== 'PreferNoSchedule' &&
      !OF_CONTROLLER.test(textAt(each, 'key') ?? '') &&
      !tolerations.some(toleration => tolerates(toleration, each)),
  );
  const near = tolerations.find(
    ({ key, value }) => key === taint?.key && value !== undefined,
  );
  return taint
    ? `it does not tolerate the taint ${describeTaint(taint)}${near ? ` (only the value ${textAt(near, 'value')})` : ''}`
    : undefined;
}

function matches(expression: Json, labels: Record<string, string>): boolean {
  const key = textAt(expression, 'key') ?? '';
  const values = textsAt(expression, 'values');
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (expression.operator) {
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
      return true;
  }
}

/** The label that a pod asks for and a node has not. */
function labelMissing(spec: unknown, { labels }: KubeObject) {
  const selector = at(spec, 'nodeSelector');
  const wanted = Object.entries(isJson(selector) ? selector : {}).find(
    ([key, value]) => labels[key] !== value,
  );
  if (wanted) {
    return `${wanted[0]}=${wanted[1]}`;
  }
  const terms = listAt(
    spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  ).map(term => listAt(term, 'matchExpressions'));
  const isMet = terms.some(term => term.every(each => matches(each, labels)));
  const unmet = terms.flat().find(each => !matches(each, labels));
  return !isMet && unmet
    ? `${textAt(unmet, 'key')} ${textAt(unmet, 'operator')} ${textsAt(unmet, 'values').join(', ')}`.trim()
    : undefined;
}

/** Why a pod of this spec cannot run on a node, whatever is free there. */
export function misfitOf(
  spec: unknown,
  node: KubeObject,
): { what: string; label?: string } | undefined {
  const label = labelMissing(spec, node);
  if (label) {
    return { what: `the node has not the label it asks for (${label})`, label };
  }
  const taint = taintAgainst(spec, node);
  return taint ? { what: taint } : undefined;
}

/** How much of a resource all containers of a pod ask for. */
export const requestOf = (spec: unknown, resource: string): number =>
  listAt(spec, 'containers').reduce(
    (sum, container) =>
      sum +
      (quantity(
        textAt(container, 'resources', 'requests', resource) ??
          textAt(container, 'resources', 'limits', resource),
      ) ?? 0),
    0,
  );

const OF_DEVICES =
  /gpu|nvidia|amd\.com|accelerat|cuda|gaudi|habana|neuron|\bnpu|\btpu/i;

/** Whether name, labels or taints of a node say that it has devices. */
export const isDeviceNode = ({ name, labels, raw }: KubeObject): boolean =>
  OF_DEVICES.test(
    JSON.stringify([name, labels, listAt(raw, 'spec', 'taints')]),
  );

/** How much of a resource a node gives to pods; 0 where it does not offer it. */
export const allocatableOf = ({ raw }: KubeObject, resource: string): number =>
  quantity(textAt(raw, 'status', 'allocatable', resource)) ?? 0;
