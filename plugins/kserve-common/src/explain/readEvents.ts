// SPDX-License-Identifier: Apache-2.0
import {
  fieldsOf,
  kindOf,
  nameOf,
  namespaceOf,
  numberAt,
  textAt,
  timeAt,
  type Fields,
} from './fields';

/** An event about the subject or what belongs to it. */
export interface EventView {
  object: string;
  kind: string;
  name: string;
  type: string;
  reason: string;
  message: string;
  count: number;
  first?: number;
  last?: number;
  raw: Fields;
}

function readEvent(raw: Fields): EventView {
  const about = fieldsOf(raw.involvedObject ?? raw.regarding);
  const kind = kindOf(about);
  const name = textAt(about, 'name');
  return {
    object: `${kind}/${name}`,
    kind,
    name,
    type: textAt(raw, 'type'),
    reason: textAt(raw, 'reason'),
    message: textAt(raw, 'message') || textAt(raw, 'note'),
    count:
      numberAt(raw, 'count') ??
      numberAt(raw, 'deprecatedCount') ??
      numberAt(raw, 'series', 'count') ??
      1,
    first:
      timeAt(raw, 'firstTimestamp') ??
      timeAt(raw, 'deprecatedFirstTimestamp') ??
      timeAt(raw, 'eventTime') ??
      timeAt(raw, 'metadata', 'creationTimestamp'),
    last:
      timeAt(raw, 'lastTimestamp') ??
      timeAt(raw, 'series', 'lastObservedTime') ??
      timeAt(raw, 'deprecatedLastTimestamp') ??
      timeAt(raw, 'eventTime') ??
      timeAt(raw, 'metadata', 'creationTimestamp'),
    raw,
  };
}

/** Events about the subject and its objects, each message once, newest first. */
export function readEvents(
  objects: readonly Fields[],
  own: ReadonlySet<Fields>,
  { namespace, name, kind }: { namespace: string; name: string; kind: string },
  isOurs: (candidate: string) => boolean,
): EventView[] {
  const keys = new Set([
    `${kind}/${name}`,
    ...[...own].map(object => `${kindOf(object)}/${nameOf(object)}`),
  ]);
  const known = new Set(objects.map(object => nameOf(object)));
  const merged = new Map<string, EventView>();
  for (const raw of objects) {
    const event = kindOf(raw) === 'Event' ? readEvent(raw) : undefined;
    const belongs =
      event &&
      (textAt(raw.involvedObject ?? raw.regarding, 'namespace') ||
        namespaceOf(raw)) === namespace &&
      (keys.has(event.object) ||
        // Its object is gone or was not given: a pod that was replaced, a ReplicaSet.
        (!known.has(event.name) && isOurs(event.name)));
    if (event && belongs) {
      const key = `${event.object} ${event.reason} ${event.message}`;
      const earlier = merged.get(key);
      merged.set(
        key,
        earlier
          ? {
              ...earlier,
              count: earlier.count + event.count,
              first: Math.min(
                earlier.first ?? Infinity,
                event.first ?? Infinity,
              ),
              last: Math.max(earlier.last ?? 0, event.last ?? 0),
            }
          : event,
      );
    }
  }
  return [...merged.values()]
    .map(event => ({
      ...event,
      first: Number.isFinite(event.first) ? event.first : undefined,
      last: event.last || undefined,
    }))
    .sort((one, other) => (other.last ?? 0) - (one.last ?? 0));
}
