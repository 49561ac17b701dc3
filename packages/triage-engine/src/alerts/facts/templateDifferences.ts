// SPDX-License-Identifier: Apache-2.0
import type { Change, Evidence } from '@greenroom/plugin-triage-common';
import { at, isJson, listAt, textAt, textsAt } from '../read/json';
import type { ObjectsDocument } from '../read/ObjectsDocument';
import type { KubeObject } from '../read/readObjects';
import { isSecretVariable } from './isSecretVariable';

const SHOWN = 300;

/** A value beside its name is redacted by it; apart from it nothing tells that it is secret. */
const shownValue = (name: string, value: string) =>
  name.startsWith('env ') && isSecretVariable(name.slice(4), value)
    ? '(not shown)'
    : value.slice(0, SHOWN);

type Settings = Map<string, [Change['kind'], string]>;

/** What of a container may change how it runs. */
const OF_CONTAINER = [
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'volumeMounts',
  'ports',
  'securityContext',
  'envFrom',
  'workingDir',
];
/** What of a pod or a revision may. */
const OF_POD = [
  'containerConcurrency',
  'timeoutSeconds',
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'serviceAccountName',
  'priorityClassName',
  'runtimeClassName',
  'hostNetwork',
  'dnsPolicy',
  'dnsConfig',
  'securityContext',
  'terminationGracePeriodSeconds',
  'volumes',
];

/** What a hand-off writes of a release, in words; its other marks say the same again. */
const RELEASE = new Map([
  ['greenroom.dev/model-version', 'model version'],
  ['greenroom.dev/source-commit', 'commit'],
]);

const textOf = (value: unknown) =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Names, values and settings of a container, to be compared. */
function settingsOf(spec: unknown): Settings {
  const settings: Settings = new Map();
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
  for (const key of OF_CONTAINER) {
    const value = at(spec, key);
    if (value !== undefined) {
      settings.set(key, ['configuration', textOf(value)]);
    }
  }
  return settings;
}

/** Where the settings of the pods of a template stand. */
const podOf = ({ kind, raw }: KubeObject) =>
  kind === 'Revision' || kind === 'Pod'
    ? raw.spec
    : at(raw, 'spec', 'template', 'spec');

function podSettingsOf(object: KubeObject): Settings {
  const settings: Settings = new Map();
  const pod = podOf(object);
  for (const key of OF_POD) {
    const value = at(pod, key);
    if (value !== undefined) {
      settings.set(key, ['configuration', textOf(value)]);
    }
  }
  const annotations =
    object.kind === 'Revision'
      ? object.annotations
      : at(object.raw, 'spec', 'template', 'metadata', 'annotations');
  for (const [key, value] of Object.entries(
    isJson(annotations) ? annotations : {},
  )) {
    const isOfRevision = /^(?:autoscaling|queue\.sidecar|features)/.test(key);
    const release = RELEASE.get(key);
    if (release) {
      settings.set(release, ['model-version', textOf(value)]);
    } else if (
      !key.startsWith('greenroom.dev/') &&
      (object.kind !== 'Revision' || isOfRevision)
    ) {
      settings.set(key, ['configuration', textOf(value)]);
    }
  }
  return settings;
}

function compare(was: Settings, is: Settings, of: string): Change[] {
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(key => {
    const a = was.get(key);
    const b = is.get(key);
    return a?.[1] === b?.[1]
      ? []
      : [
          {
            kind: (b ?? a)?.[0] ?? 'configuration',
            name: `${of} ${key}`.trim(),
            ...(a && { before: shownValue(key, a[1]) }),
            ...(b && { after: shownValue(key, b[1]) }),
          },
        ];
  });
}

const imageOf = (spec: unknown) => textAt(spec, 'image') ?? '';

/** What of two templates is not the same. */
export function differencesOf(before: KubeObject, after: KubeObject): Change[] {
  const old = ['containers', 'initContainers'].flatMap(key =>
    listAt(podOf(before), key),
  );
  const now = ['containers', 'initContainers'].flatMap(key =>
    listAt(podOf(after), key),
  );
  const isRenamed = old.length === now.length;
  const changed = now.flatMap((spec, index) => {
    const name = textAt(spec, 'name') ?? '';
    const previous =
      old.find(each => each.name === spec.name) ??
      (isRenamed ? old[index] : undefined);
    return previous || old.length === 0
      ? compare(settingsOf(previous), settingsOf(spec), name)
      : [
          {
            kind: 'configuration' as const,
            name: `container ${name}`,
            after: imageOf(spec),
          },
        ];
  });
  const removed = isRenamed
    ? []
    : old
        .filter(({ name }) => !now.some(each => each.name === name))
        .map(spec => ({
          kind: 'configuration' as const,
          name: `container ${textAt(spec, 'name')}`,
          before: imageOf(spec),
        }));
  const ofPod = compare(podSettingsOf(before), podSettingsOf(after), '');
  // A new version comes with a new image: what people call it is said first.
  const isRelease = ({ kind }: Change) => kind === 'model-version';
  return [
    ...ofPod.filter(isRelease),
    ...changed,
    ...removed,
    ...ofPod.filter(each => !isRelease(each)),
  ];
}

/** The words of the line in which a template has a setting. */
function wordsOf({ kind, name, before, after }: Change): string[] {
  const key = name.split(' ').at(-1) ?? '';
  if (kind === 'environment') {
    return [`.env: ${key}=`];
  }
  if (kind === 'model-version') {
    const [mark] = [...RELEASE].find(([, words]) => words === name) ?? [''];
    return [`${mark}=${after ?? before}`];
  }
  if (kind === 'image') {
    return [`image=${after ?? before}`];
  }
  if (kind === 'resources') {
    const [part, ...resource] = key.split('.');
    return [`resources.${part}`, `${resource.join('.')}=`];
  }
  return [key];
}

/** The lines that changed, as they are now, or as they were where they are gone. */
export const changedLines = (
  differences: Change[],
  before: KubeObject | undefined,
  after: KubeObject,
  document: ObjectsDocument,
): Evidence[] =>
  differences
    .slice(0, 2)
    .flatMap(each =>
      document.find(
        each.after === undefined ? before : after,
        ...wordsOf(each),
      ),
    );
