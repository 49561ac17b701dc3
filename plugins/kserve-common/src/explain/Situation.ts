// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '../types';
import {
  annotationOf,
  at,
  fieldsOf,
  kindOf,
  listAt,
  nameOf,
  namespaceOf,
  textAt,
  timeAt,
  type Fields,
} from './fields';
import {
  createNameTest,
  findClaims,
  findOwn,
  isServingObject,
  SUBJECT_KINDS,
} from './findOwn';
import { findLoudLines, readLog } from './logLines';
import { readEvents, type EventView } from './readEvents';

/** A condition as it stands in an object. */
export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  severity: string;
  time?: number;
  raw: Fields;
}

/** The log of a container. */
export interface LogView {
  pod: string;
  container: string;
  /** Whether its pod belongs to the subject; a controller's does not. */
  own: boolean;
  lines: string[];
  /** Without the lines that only tell what goes on. */
  text: string;
}

/** The subject and what belongs to it, found and sorted. */
export interface Situation {
  namespace: string;
  name: string;
  now: number;
  subject: Fields;
  kind: string;
  spec: Fields;
  status: Fields;
  conditions: Condition[];
  mode: 'Standard' | 'Knative' | 'ModelMesh' | undefined;
  /** All objects, for what is found by its name. */
  objects: readonly Fields[];
  /** The subject's own objects by kind. */
  own(kind: string): Fields[];
  pods: Fields[];
  events: EventView[];
  logs: LogView[];
}

export function readConditions(object: unknown): Condition[] {
  return listAt(object, 'status', 'conditions').map(raw => ({
    type: textAt(raw, 'type'),
    status: textAt(raw, 'status') || 'Unknown',
    reason: textAt(raw, 'reason'),
    message: textAt(raw, 'message'),
    severity: textAt(raw, 'severity'),
    time: timeAt(raw, 'lastTransitionTime'),
    raw,
  }));
}

export function conditionOf(
  conditions: readonly Condition[],
  type: string,
): Condition | undefined {
  return conditions.find(condition => condition.type === type);
}

/** KServe's current name of a deployment mode; undefined for a word that is none. */
function normaliseMode(mode: string): Situation['mode'] {
  const modes: Record<string, Situation['mode']> = {
    Standard: 'Standard',
    RawDeployment: 'Standard',
    Knative: 'Knative',
    Serverless: 'Knative',
    ModelMesh: 'ModelMesh',
  };
  return Object.hasOwn(modes, mode) ? modes[mode] : undefined;
}

function modeOf(
  subject: Fields,
  own: Situation['own'],
  hasRevisions: boolean,
): Situation['mode'] {
  return (
    normaliseMode(textAt(subject, 'status', 'deploymentMode')) ??
    normaliseMode(
      annotationOf(subject, 'serving.kserve.io/deploymentMode') ||
        annotationOf(subject, 'serving.kserve.io/deployment-mode'),
    ) ??
    (hasRevisions || own('Revision').length ? 'Knative' : undefined) ??
    (own('Deployment').length || kindOf(subject) === 'LLMInferenceService'
      ? 'Standard'
      : undefined)
  );
}

function readLogs(
  logs: Readonly<Record<string, string>>,
  pods: readonly Fields[],
  name: string,
): LogView[] {
  return Object.entries(logs).flatMap(([key, value]): LogView[] => {
    // Kubernetes allows no underscore in either name.
    const [pod = '', container = ''] = key.split('_');
    const own =
      pods.some(object => nameOf(object) === pod) || pod.startsWith(`${name}-`);
    const text = typeof value === 'string' ? value : '';
    // A controller writes about all that it has: only what names the subject counts.
    const lines = readLog(
      own
        ? text
        : text
            .split('\n')
            .filter(line => line.includes(name))
            .join('\n'),
    );
    return [
      { pod, container, own, lines, text: findLoudLines(lines).join('\n') },
    ];
  });
}

/** Gathers what is known of a subject. */
export function createSituation(material: {
  objects: readonly KubernetesObject[];
  subject: { namespace: string; name: string };
  logs?: Readonly<Record<string, string>>;
  now: number;
}): Situation {
  const { namespace, name } = material.subject;
  const objects = material.objects.map(fieldsOf);
  const named = objects.filter(
    object =>
      isServingObject(object) &&
      nameOf(object) === name &&
      namespaceOf(object) === namespace,
  );
  const subject =
    SUBJECT_KINDS.map(kind =>
      named.find(object => kindOf(object) === kind),
    ).find(Boolean) ?? fieldsOf(undefined);
  const found = findOwn(objects, subject, namespace, name);
  for (const claim of findClaims(objects, subject, found)) {
    found.add(claim);
  }
  const byKind = new Map<string, Fields[]>();
  for (const object of found) {
    const kind = kindOf(object);
    byKind.set(kind, [...(byKind.get(kind) ?? []), object]);
  }
  const own = (kind: string) => byKind.get(kind) ?? [];
  const conditions = readConditions(subject);
  const hasRevisions =
    conditions.some(
      ({ type, message }) =>
        type === 'RoutesReady' ||
        type.endsWith('RouteReady') ||
        message.includes('Revision'),
    ) ||
    Object.values(fieldsOf(at(subject, 'status', 'components'))).some(
      component => textAt(component, 'latestCreatedRevision') !== '',
    );
  const kind = kindOf(subject);
  const pods = own('Pod');
  return {
    namespace,
    name,
    now: material.now,
    subject,
    kind,
    spec: fieldsOf(subject.spec),
    status: fieldsOf(subject.status),
    conditions,
    mode: modeOf(subject, own, hasRevisions),
    objects,
    own,
    pods,
    events: readEvents(
      objects,
      found,
      { namespace, name, kind },
      createNameTest(objects, subject, namespace, name),
    ),
    logs: readLogs(material.logs ?? {}, pods, name),
  };
}
