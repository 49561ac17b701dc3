// SPDX-License-Identifier: Apache-2.0

/** A value that JSON can hold: what expressions work on. */
export type JsonValue =
  null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** An object of the above. */
export type JsonObject = { [key: string]: JsonValue };

/** GitHub's status of a run, job or step. */
export type Status = 'queued' | 'pending' | 'in_progress' | 'completed';

/** GitHub's conclusion of a completed run, job or step. */
export type Conclusion =
  'success' | 'failure' | 'cancelled' | 'skipped' | 'startup_failure';

/** What `needs.<job>.result` and `steps.<id>.conclusion` hold. */
export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

/** One message shown beside a job: GitHub's check annotation. */
export interface Annotation {
  level: 'failure' | 'warning' | 'notice';
  message: string;
  title?: string;
  path?: string;
  startLine?: number;
  endLine?: number;
  startColumn?: number;
  endColumn?: number;
}
