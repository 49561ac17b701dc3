// SPDX-License-Identifier: Apache-2.0
import {
  kindOf,
  labelOf,
  listAt,
  nameOf,
  namespaceOf,
  textAt,
  type Fields,
} from './fields';

const SERVING_GROUPS = ['serving.kserve.io/', 'serving.kubeflow.org/'];
/** The kinds that this library explains. */
export const SUBJECT_KINDS = [
  'InferenceService',
  'LLMInferenceService',
  'InferenceGraph',
];
const OWNER_LABELS = [
  'serving.kserve.io/inferenceservice',
  'serving.kubeflow.org/inferenceservice',
  'serving.kserve.io/inferencegraph',
];

/** Whether an object is one that this library explains. */
export function isServingObject(object: unknown): boolean {
  return (
    SERVING_GROUPS.some(group =>
      textAt(object, 'apiVersion').startsWith(group),
    ) && SUBJECT_KINDS.includes(kindOf(object))
  );
}

/**
 * Whether a name is one that KServe gives to what belongs to the subject, and not
 * to a service whose longer name begins in the same way.
 */
export function createNameTest(
  objects: readonly Fields[],
  subject: Fields,
  namespace: string,
  name: string,
): (candidate: string) => boolean {
  const claims = (owner: string, candidate: string) =>
    candidate === owner || candidate.startsWith(`${owner}-`);
  const longer = objects
    .filter(
      object =>
        object !== subject &&
        isServingObject(object) &&
        namespaceOf(object) === namespace &&
        nameOf(object).length > name.length,
    )
    .map(nameOf);
  return candidate =>
    claims(name, candidate) && !longer.some(other => claims(other, candidate));
}

/** Finds what belongs to an object: by label, by owner, else by KServe's names. */
export function findOwn(
  objects: readonly Fields[],
  subject: Fields,
  namespace: string,
  name: string,
): Set<Fields> {
  const isOurs = createNameTest(objects, subject, namespace, name);
  const own = new Set<Fields>();
  const uids = new Set([textAt(subject, 'metadata', 'uid')].filter(Boolean));
  const keys = new Set([`${kindOf(subject)}/${name}`]);
  const add = (object: Fields) => {
    own.add(object);
    uids.add(textAt(object, 'metadata', 'uid'));
    keys.add(`${kindOf(object)}/${nameOf(object)}`);
  };
  const candidates = objects.filter(
    object =>
      namespaceOf(object) === namespace &&
      kindOf(object) !== 'Event' &&
      !isServingObject(object),
  );
  const undecided: Fields[] = [];
  for (const object of candidates) {
    const label = OWNER_LABELS.map(key => labelOf(object, key)).find(Boolean);
    if (label === undefined) {
      undecided.push(object);
    } else if (label === name) {
      add(object);
    }
  }
  // Owners may stand behind what they own: as many rounds as there are generations.
  for (let round = 0; round < 4; round++) {
    for (const object of undecided) {
      const owners = listAt(object, 'metadata', 'ownerReferences');
      const owned = owners.some(
        owner =>
          (textAt(owner, 'uid') && uids.has(textAt(owner, 'uid'))) ||
          keys.has(`${kindOf(owner)}/${textAt(owner, 'name')}`),
      );
      const app =
        labelOf(object, 'app.kubernetes.io/name') === name &&
        kindOf(subject) === 'LLMInferenceService';
      const byName =
        !owners.some(owner => SUBJECT_KINDS.includes(kindOf(owner))) &&
        isOurs(nameOf(object));
      if (owned || app || byName) {
        add(object);
      }
    }
  }
  return own;
}

/** PersistentVolumeClaims that pods mount or the storageUri names: theirs is why a pod waits. */
export function findClaims(
  objects: readonly Fields[],
  subject: Fields,
  own: ReadonlySet<Fields>,
): Fields[] {
  const names = new Set(
    [...own]
      .flatMap(object => listAt(object, 'spec', 'volumes'))
      .map(volume => textAt(volume, 'persistentVolumeClaim', 'claimName')),
  );
  const uri = textAt(subject, 'spec', 'predictor', 'model', 'storageUri');
  if (uri.startsWith('pvc://')) {
    names.add(uri.slice('pvc://'.length).split('/')[0]);
  }
  return objects.filter(
    object =>
      kindOf(object) === 'PersistentVolumeClaim' &&
      namespaceOf(object) === namespaceOf(subject) &&
      names.has(nameOf(object)),
  );
}
