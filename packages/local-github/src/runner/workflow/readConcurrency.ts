// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from '../types';

/** An evaluated `concurrency:`. */
export interface Concurrency {
  group: string;
  cancelInProgress: boolean;
  /** `queue: max`: all wait, none is replaced. */
  queueAll: boolean;
}

/** Reads `concurrency:`; a text is the group. An empty group is none. */
export function readConcurrency(value: JsonValue): Concurrency | undefined {
  const settings =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? value
      : { group: value };
  const group =
    settings.group === null || settings.group === undefined
      ? ''
      : String(settings.group);
  return group === ''
    ? undefined
    : {
        group,
        cancelInProgress: settings['cancel-in-progress'] === true,
        queueAll: settings.queue === 'max',
      };
}
