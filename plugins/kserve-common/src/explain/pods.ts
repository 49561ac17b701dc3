// SPDX-License-Identifier: Apache-2.0
import { labelOf, nameOf, textAt, type Fields } from './fields';
import { clean } from './quote';
import { readConditions, type Situation } from './Situation';

/** Whether the pod takes requests. */
export function isReady(pod: Fields): boolean {
  return (
    readConditions(pod).some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ) && textAt(pod, 'status', 'phase') !== 'Failed'
  );
}

/** `predictor`, `transformer`, `explainer`, `router`, or what the pod's label says. */
export function componentOf(situation: Situation, pod: Fields): string {
  const label =
    labelOf(pod, 'component') || labelOf(pod, 'app.kubernetes.io/component');
  if (label) {
    return clean(label.replace(/^llminferenceservice-/, ''), 60);
  }
  if (situation.kind === 'InferenceGraph') {
    return 'router';
  }
  const rest = nameOf(pod).slice(situation.name.length + 1);
  return (
    ['transformer', 'explainer', 'predictor'].find(component =>
      rest.includes(component),
    ) ?? (situation.kind === 'LLMInferenceService' ? 'workload' : 'predictor')
  );
}

/** Knative's revision of a pod; empty where it has none. */
export function revisionOf(pod: Fields): string {
  return labelOf(pod, 'serving.knative.dev/revision');
}

/** Newest ReplicaSet's hash of the pods that share a Deployment. */
function newestHash(situation: Situation, pod: Fields): string {
  const mine = labelOf(pod, 'pod-template-hash');
  const prefix = nameOf(pod).slice(0, nameOf(pod).lastIndexOf(`-${mine}-`));
  const others = situation.pods.filter(other => {
    const hash = labelOf(other, 'pod-template-hash');
    return hash && nameOf(other).startsWith(`${prefix}-${hash}-`);
  });
  const newest = others.reduce(
    (one, other) =>
      textAt(other, 'metadata', 'creationTimestamp') >
      textAt(one, 'metadata', 'creationTimestamp')
        ? other
        : one,
    pod,
  );
  return labelOf(newest, 'pod-template-hash');
}

/** Whether a pod is of what the spec asks now, or still has traffic: one of an older revision that fails matters to nobody. */
export function isCurrent(situation: Situation, pod: Fields): boolean {
  const revision = revisionOf(pod);
  if (!revision) {
    const hash = labelOf(pod, 'pod-template-hash');
    return !hash || hash === newestHash(situation, pod);
  }
  const latest = situation.pods
    .map(revisionOf)
    .filter(other => generationless(other) === generationless(revision))
    .concat(
      latestRevisions(situation).filter(
        other => generationless(other) === generationless(revision),
      ),
    )
    .sort()
    .at(-1);
  return revision === latest || routedRevisions(situation).includes(revision);
}

/** A revision's name without its number: what its configuration is called. */
function generationless(revision: string): string {
  return revision.slice(0, revision.lastIndexOf('-'));
}

function latestRevisions(situation: Situation): string[] {
  return componentsOf(situation).map(component =>
    textAt(component, 'latestCreatedRevision'),
  );
}

function componentsOf({ status }: Situation): unknown[] {
  const components = status.components;
  return typeof components === 'object' && components !== null
    ? Object.values(components)
    : [];
}

function routedRevisions(situation: Situation): string[] {
  return componentsOf(situation).flatMap(component => {
    const traffic = (component as Fields | undefined)?.traffic;
    return Array.isArray(traffic)
      ? traffic
          .filter(share => Number(share?.percent) > 0)
          .map(share => textAt(share, 'revisionName'))
      : [];
  });
}
