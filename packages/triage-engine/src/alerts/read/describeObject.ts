// SPDX-License-Identifier: Apache-2.0
import { oneLine } from '../../text/oneLine';
import { ellipsis } from '../../text/cutText';
import { isJson, textAt, type Json } from './json';
import type { KubeObject } from './readObjects';

const MAX_VALUE = 600;
const MAX_LINES = 400;
const MAX_DEPTH = 14;

/** Of no help to a reader, or said elsewhere. */
const LEFT_OUT = new Set([
  'apiVersion',
  'kind',
  'uid',
  'resourceVersion',
  'managedFields',
  'imageID',
  'containerID',
  'lastHeartbeatTime',
  'blockOwnerDeletion',
  'observedGeneration',
  'generation',
  'podIPs',
  'caBundle',
]);

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

const shown = (value: string | number | boolean) =>
  ellipsis(oneLine(String(value)), MAX_VALUE);

/** A condition is told from another by its type, a container by its name. */
function keyOf(value: unknown, index: number): string {
  return textAt(value, 'name') ?? textAt(value, 'type') ?? String(index);
}

function* linesOf(
  value: unknown,
  path: string,
  depth: number,
): Generator<string> {
  if (depth > MAX_DEPTH) {
    return;
  }
  if (Array.isArray(value)) {
    if (value.every(isScalar)) {
      yield `${path}: ${ellipsis(value.map(shown).join(' '), 4 * MAX_VALUE)}`;
      return;
    }
    for (const [index, each] of value.entries()) {
      if (path.endsWith('.env') && isJson(each)) {
        // A line of its own, so that a name tells whether its value is a secret.
        const from = each.valueFrom;
        yield `${path}: ${textAt(each, 'name')}=${from === undefined ? shown(textAt(each, 'value') ?? '') : `(${ellipsis(oneLine(JSON.stringify(from)), MAX_VALUE)})`}`;
      } else {
        yield* linesOf(each, `${path}[${keyOf(each, index)}]`, depth + 1);
      }
    }
    return;
  }
  if (!isJson(value)) {
    if (isScalar(value)) {
      yield `${path}: ${shown(value)}`;
    }
    return;
  }
  const entries = Object.entries(value).filter(([key]) => !LEFT_OUT.has(key));
  // Each on its own line, as they may be long or secret.
  if (/\.annotations$|^data$|^stringData$|^binaryData$/.test(path)) {
    for (const [key, each] of entries) {
      if (isScalar(each)) {
        yield `${path}: ${key}=${shown(each)}`;
      }
    }
    return;
  }
  const scalars = entries.filter(([, each]) => isScalar(each));
  if (scalars.length > 0) {
    yield `${path}: ${scalars.map(([key, each]) => `${key}=${isScalar(each) ? shown(each) : ''}`).join(' ')}`;
  }
  for (const [key, each] of entries) {
    if (!isScalar(each)) {
      yield* linesOf(each, `${path}.${key}`, depth + 1);
    }
  }
}

/** The values of a Secret are nobody's evidence. */
function withoutValues(raw: Json): Json {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      ['data', 'stringData'].includes(key) && isJson(value)
        ? Object.fromEntries(
            Object.keys(value).map(each => [each, '(not shown)']),
          )
        : value,
    ]),
  );
}

/** `Pod llm/chat-70b`; `Node worker-3`. */
export const nameOf = ({ kind, namespace, name }: KubeObject) =>
  oneLine(`${kind} ${namespace ? `${namespace}/` : ''}${name}`);

/**
 * An object as lines that each can be understood alone:
 * `Pod llm/chat spec.containers[server].livenessProbe: initialDelaySeconds=120 …`.
 */
export function describeObject(object: KubeObject): string[] {
  const { raw, kind } = object;
  const name = nameOf(object);
  const { metadata, ...rest } = kind === 'Secret' ? withoutValues(raw) : raw;
  const meta = isJson(metadata) ? metadata : {};
  const all: string[] = [
    ...linesOf({ ...meta, namespace: undefined }, 'metadata', 0),
    ...Object.entries(rest)
      .filter(([key]) => !LEFT_OUT.has(key))
      .flatMap(([key, value]) => [...linesOf(value, key, 0)]),
  ].map(line => `${name} ${line}`);
  return all.slice(0, MAX_LINES);
}

/** An event as one line. */
export function describeEvent({ raw }: KubeObject): string {
  const involved = isJson(raw.involvedObject)
    ? raw.involvedObject
    : raw.regarding;
  const count = textAt(raw, 'count') ?? textAt(raw, 'series', 'count');
  const time =
    textAt(raw, 'lastTimestamp') ??
    textAt(raw, 'series', 'lastObservedTime') ??
    textAt(raw, 'eventTime') ??
    textAt(raw, 'metadata', 'creationTimestamp') ??
    '';
  const of = [
    textAt(involved, 'kind'),
    [textAt(involved, 'namespace'), textAt(involved, 'name')]
      .filter(Boolean)
      .join('/'),
  ].join(' ');
  const message = textAt(raw, 'message') ?? textAt(raw, 'note') ?? '';
  return oneLine(
    `Event ${time} ${textAt(raw, 'type') ?? ''} ${textAt(raw, 'reason') ?? ''}${count && count !== '1' ? ` (x${count})` : ''} ${of}: ${ellipsis(message, 2 * MAX_VALUE)}`,
  );
}
