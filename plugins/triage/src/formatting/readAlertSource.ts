// SPDX-License-Identifier: Apache-2.0

/** What lines of an alert's evidence are of; a log has a name. */
export interface AlertSource {
  kind: 'alert' | 'events' | 'log' | 'metrics' | 'objects' | 'previousLog';
  name: string;
}

const LOG = /^([^_]+)_(.+?)(\.previous)?\.txt$/;

/**
 * Reads what the engine calls a source: `objects`, `POD_CONTAINER.previous.txt`. Events
 * stand among the objects; one of their lines tells that it is an event.
 */
export function readAlertSource(source: string, quote = ''): AlertSource {
  if (source === 'alert' || source === 'metrics') {
    return { kind: source, name: source };
  }
  if (source === 'objects') {
    const kind = quote.startsWith('Event ') ? 'events' : 'objects';
    return { kind, name: source };
  }
  const [, pod, container, previous] = LOG.exec(source) ?? [];
  return {
    kind: previous ? 'previousLog' : 'log',
    name: pod ? `${pod}/${container}` : source,
  };
}
