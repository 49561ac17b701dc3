import type { JobRecord } from '../store/JobStore';
import type { JsonObject, Result } from '../types';
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
  let result: Result = 'success';
  if (conclusions.some(conclusion => conclusion === 'failure')) {
    result = 'failure';
  } else if (conclusions.some(conclusion => conclusion === 'cancelled')) {
    result = 'cancelled';
  } else if (conclusions.every(conclusion => conclusion === 'skipped')) {
    result = 'skipped';
  }
  return { result, outputs, unavailable };
}
