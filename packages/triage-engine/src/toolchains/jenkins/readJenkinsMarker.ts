// SPDX-License-Identifier: Apache-2.0
import type { FailureMarker } from '../FailureMarker';

/** hudson.tasks.Builder, hudson.model.Run. */
const FAILED = /^Build step '(.{1,200})' marked build as failure$/;
const ABORTED = /^(?:Build was aborted|Aborted by .{1,200}|Finished: ABORTED)$/;

/** Reads a line as the end of a failing build of Jenkins. */
export function readJenkinsMarker(head: string): FailureMarker | undefined {
  const failed = FAILED.exec(head);
  if (failed || head === 'Finished: FAILURE') {
    return { kind: 'ended', step: failed?.[1] };
  }
  return ABORTED.test(head) ? { kind: 'cancelled' } : undefined;
}
