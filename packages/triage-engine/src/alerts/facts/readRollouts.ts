// SPDX-License-Identifier: Apache-2.0
import { listAt, textAt, timeAt } from '../read/json';
import type { ObjectsDocument } from '../read/ObjectsDocument';
import type { KubeObject } from '../read/readObjects';
import { belongsTo } from './subject';
import { changedLines, differencesOf } from './templateDifferences';
import type { Rollout, Subject } from './types';

/** What is older did not make an alert of now. */
const RECENT = 24 * 3600_000;
const REVISION = 'deployment.kubernetes.io/revision';
/** Kinds that change how others run; a new one may be the cause. */
const SETTINGS = new Set([
  'ConfigMap',
  'Secret',
  'PriorityClass',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'HorizontalPodAutoscaler',
  'ScaledObject',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'DestinationRule',
  'VirtualService',
  'PodDisruptionBudget',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'Ingress',
  'Service',
  'Namespace',
  'PrometheusRule',
]);

const revisionOf = (object: KubeObject) =>
  Number(object.annotations[REVISION] ?? 0);

function newerFirst(a: KubeObject, b: KubeObject) {
  return (
    revisionOf(b) - revisionOf(a) || (b.createdAt ?? 0) - (a.createdAt ?? 0)
  );
}

function ofSubject(object: KubeObject, subject: Subject): boolean {
  return (
    (!subject.namespace || object.namespace === subject.namespace) &&
    subject.names.some(
      name => belongsTo(object.name, name) || belongsTo(name, object.name),
    )
  );
}

function* rolloutsOf(
  objects: KubeObject[],
  subject: Subject,
  document: ObjectsDocument,
): Generator<Rollout> {
  const templates = objects.filter(({ kind }) =>
    ['ReplicaSet', 'Revision', 'ControllerRevision'].includes(kind),
  );
  const owners = new Map<string, KubeObject[]>();
  for (const each of templates) {
    const owner =
      each.owner?.name ??
      each.labels['serving.knative.dev/configuration'] ??
      each.labels['serving.knative.dev/service'] ??
      each.name.replace(/-\d{5}$/, '');
    const key = `${each.namespace} ${owner}`;
    owners.set(key, [...(owners.get(key) ?? []), each]);
  }
  for (const revisions of owners.values()) {
    const [after, before] = [...revisions].sort(newerFirst);
    const name = after.owner?.name ?? after.name;
    const workload = objects.find(
      each =>
        each.name === name &&
        each.namespace === after.namespace &&
        each.kind === (after.owner?.kind ?? 'Deployment'),
    );
    if (after.createdAt !== undefined) {
      const differences = before ? differencesOf(before, after) : [];
      const lines = changedLines(differences, before, after, document);
      yield {
        // Its owner is not always among the objects.
        of: workload ?? { ...after, ...after.owner },
        at: Math.max(after.createdAt, takenUpAt(after, objects)),
        from: before?.annotations[REVISION] ?? before?.name,
        to: after.annotations[REVISION] ?? after.name,
        differences,
        evidence: lines.length > 0 ? lines : document.find(after, 'image='),
        isOfSubject: ofSubject(workload ?? after, subject),
      };
    }
  }
}

/** When a ReplicaSet of before was taken up again, as by an undo. */
function takenUpAt({ name }: KubeObject, objects: KubeObject[]) {
  const times = objects.flatMap(({ kind, raw }) =>
    kind === 'Event' &&
    raw.reason === 'ScalingReplicaSet' &&
    (textAt(raw, 'message') ?? '').startsWith(
      `Scaled up replica set ${name} from 0 `,
    )
      ? (timeAt(raw, 'firstTimestamp') ?? [])
      : [],
  );
  return Math.max(0, ...times);
}

/** When somebody last wrote an object, as far as it tells. */
function writtenAt({ raw, createdAt }: KubeObject): number | undefined {
  const times = listAt(raw, 'metadata', 'managedFields')
    .filter(each => each.subresource !== 'status')
    .flatMap(each => timeAt(each, 'time') ?? []);
  return times.length > 0 ? Math.max(...times) : createdAt;
}

/** Rollouts and new settings of the day before the alert, the latest first. */
export function readRollouts(
  objects: KubeObject[],
  subject: Subject,
  document: ObjectsDocument,
  start: number,
): Rollout[] {
  const settings = objects
    .filter(({ kind }) => SETTINGS.has(kind))
    .flatMap((of): Rollout[] => {
      const written = writtenAt(of);
      return written === undefined
        ? []
        : [
            {
              of,
              at: written,
              differences: [],
              evidence: document.find(of),
              isOfSubject: ofSubject(of, subject),
            },
          ];
    });
  return [...rolloutsOf(objects, subject, document), ...settings]
    .filter(({ at: time }) => time <= start + 60_000 && start - time < RECENT)
    .sort((a, b) => b.at - a.at);
}
