// SPDX-License-Identifier: Apache-2.0
import { isJson, textAt, timeAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import type { ObjectsDocument } from '../read/ObjectsDocument';
import { belongsTo } from './subject';
import type { KubeEvent, Subject } from './types';

function relevanceOf(
  involved: KubeEvent['involved'],
  subject: Subject,
  objects: KubeObject[],
): number {
  const { kind, name } = involved;
  const isNear =
    involved.namespace === undefined ||
    subject.namespace === undefined ||
    involved.namespace === subject.namespace;
  if (kind === 'Node') {
    return subject.nodes.has(name) ? 1 : 0.3;
  }
  if (
    isNear &&
    (name === subject.pod ||
      subject.names.some(
        each => belongsTo(name, each) || belongsTo(each, name),
      ))
  ) {
    return 1;
  }
  // What is described was collected since it may matter.
  return objects.some(
    each =>
      each.kind !== 'Event' &&
      each.kind !== 'Node' &&
      belongsTo(name, each.name),
  )
    ? 0.8
    : 0.1;
}

/** The events among the objects, the oldest first. */
export function readEvents(
  objects: KubeObject[],
  subject: Subject,
  document: ObjectsDocument,
): KubeEvent[] {
  return objects
    .filter(({ kind }) => kind === 'Event')
    .flatMap(object => {
      const { raw } = object;
      const about = isJson(raw.involvedObject)
        ? raw.involvedObject
        : raw.regarding;
      const [evidence] = document.find(object);
      if (!evidence) {
        return [];
      }
      const involved = {
        kind: textAt(about, 'kind') ?? '',
        name: textAt(about, 'name') ?? '',
        namespace: textAt(about, 'namespace') ?? object.namespace,
      };
      const at =
        timeAt(raw, 'lastTimestamp') ??
        timeAt(raw, 'series', 'lastObservedTime') ??
        timeAt(raw, 'eventTime') ??
        object.createdAt;
      return [
        {
          object,
          reason: textAt(raw, 'reason') ?? '',
          message: textAt(raw, 'message') ?? textAt(raw, 'note') ?? '',
          isWarning: raw.type === 'Warning',
          count: Number(
            textAt(raw, 'count') ?? textAt(raw, 'series', 'count') ?? 1,
          ),
          at,
          firstAt: timeAt(raw, 'firstTimestamp') ?? at,
          involved,
          container: /\{([\w.-]{1,63})\}/.exec(
            textAt(about, 'fieldPath') ?? '',
          )?.[1],
          relevance: relevanceOf(involved, subject, objects),
          evidence,
        },
      ];
    })
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}
