// SPDX-License-Identifier: Apache-2.0
import type { Change } from '@greenroom/plugin-triage-common';
import { at, isJson, listAt, textAt, textsAt, timeAt } from '../read/json';
import type { ObjectsDocument } from '../read/ObjectsDocument';
import type { KubeObject } from '../read/readObjects';
import { isSecretVariable } from './isSecretVariable';
import { belongsTo } from './subject';
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
]);

const SHOWN = 300;

/** A value beside its name is redacted by it; apart from it nothing tells that it is secret. */
const shownValue = (name: string, value: string) =>
  name.startsWith('env ') && isSecretVariable(name.slice(4), value)
    ? '(not shown)'
    : value.slice(0, SHOWN);

/** Names, values and settings of a container, to be compared. */
function settingsOf(spec: unknown): Map<string, [Change['kind'], string]> {
  const settings = new Map<string, [Change['kind'], string]>();
  const image = textAt(spec, 'image');
  if (image) {
    settings.set('image', ['image', image]);
  }
  for (const each of listAt(spec, 'env')) {
    settings.set(`env ${textAt(each, 'name')}`, [
      'environment',
      textAt(each, 'value') ?? JSON.stringify(each.valueFrom ?? ''),
    ]);
  }
  for (const key of ['command', 'args']) {
    const words = textsAt(spec, key);
    if (words.length > 0) {
      settings.set(key, ['configuration', words.join(' ')]);
    }
  }
  for (const part of ['limits', 'requests']) {
    const values = at(spec, 'resources', part);
    for (const [name, value] of Object.entries(isJson(values) ? values : {})) {
      settings.set(`${part}.${name}`, ['resources', String(value)]);
    }
  }
  for (const key of [
    'livenessProbe',
    'readinessProbe',
    'startupProbe',
    'lifecycle',
    'volumeMounts',
    'ports',
    'securityContext',
  ]) {
    const value = at(spec, key);
    if (value !== undefined) {
      settings.set(key, ['configuration', JSON.stringify(value)]);
    }
  }
  return settings;
}

function containersOf(object: KubeObject) {
  return object.kind === 'Revision' || object.kind === 'Pod'
    ? listAt(object.raw, 'spec', 'containers')
    : listAt(object.raw, 'spec', 'template', 'spec', 'containers');
}

/** What of two templates is not the same. */
function differencesOf(before: KubeObject, after: KubeObject): Change[] {
  const old = containersOf(before);
  return containersOf(after).flatMap((spec, index) => {
    const name = textAt(spec, 'name');
    const previous = old.find(each => each.name === name) ?? old[index];
    const was = settingsOf(previous);
    const is = settingsOf(spec);
    return [...new Set([...was.keys(), ...is.keys()])].flatMap(key => {
      const a = was.get(key);
      const b = is.get(key);
      return a?.[1] === b?.[1]
        ? []
        : [
            {
              kind: (b ?? a)?.[0] ?? 'configuration',
              name: `${name} ${key}`,
              ...(a && { before: shownValue(key, a[1]) }),
              ...(b && { after: shownValue(key, b[1]) }),
            },
          ];
    });
  });
}

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
      '';
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
      const [first] = differences;
      const key = first?.name.split(' ').at(-1) ?? 'image';
      yield {
        // Its owner is not always among the objects.
        of: workload ?? { ...after, ...after.owner },
        at: after.createdAt,
        from: before?.annotations[REVISION] ?? before?.name,
        to: after.annotations[REVISION] ?? after.name,
        differences,
        evidence: document.find(
          after,
          first?.kind === 'environment'
            ? `.env: ${key}=`
            : (first?.after?.slice(0, 80) ?? 'image='),
        ),
        isOfSubject: ofSubject(workload ?? after, subject),
      };
    }
  }
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
