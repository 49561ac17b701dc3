// SPDX-License-Identifier: Apache-2.0
import type { JobRecord } from '../store/JobStore';
import type { Conclusion, JsonObject, Result } from '../types';
import type { JobRunner } from './JobRunner';

/** One job of a definition: a combination of its matrix, or the only one. */
export interface JobInstance {
  record: JobRecord;
  matrix: JsonObject;
  strategy: JsonObject;
  continueOnError: boolean;
  runner?: JobRunner;
  /** Takes it out of the queue or the concurrency group it waits in; false if it runs already. */
  withdraw?: () => boolean;
  done: boolean;
}

/** How a definition stands: what `needs.<id>` of later jobs shows. */
export interface JobProgress {
  result?: Result;
  outputs: Record<string, string>;
  unavailable: string[];
}

/** The result of several instances together, and their outputs. */
export function summarize(instances: JobInstance[]): JobProgress {
  const conclusions = instances.map(({ record, continueOnError }) =>
    record.conclusion === 'failure' && continueOnError
      ? 'success'
      : record.conclusion,
  );
  const outputs: Record<string, string> = {};
  for (const { record } of instances) {
    for (const [name, value] of Object.entries(record.outputs)) {
      if (value !== '' || outputs[name] === undefined) {
        outputs[name] = value;
      }
    }
  }
  const unavailable = instances.flatMap(
    ({ record }) => record.unavailableOutputs,
  );
  return { result: combine(conclusions), outputs, unavailable };
}

/** The result of several jobs: the worst of them, `skipped` if all were. */
export function combine(results: (Conclusion | null | undefined)[]): Result {
  if (results.includes('failure')) {
    return 'failure';
  }
  if (results.includes('cancelled')) {
    return 'cancelled';
  }
  return results.length > 0 && results.every(each => each === 'skipped')
    ? 'skipped'
    : 'success';
}
