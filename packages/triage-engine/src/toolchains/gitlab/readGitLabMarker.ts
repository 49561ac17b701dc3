// SPDX-License-Identifier: Apache-2.0
import type { FailureMarker } from '../FailureMarker';

/** gitlab-runner. */
const FAILED =
  /^ERROR: Job failed(?: \(system failure\))?: (?:exit (?:code|status) (\d{1,5})|(.{1,200}))/;

/** Reads a line as the end of a failing job of GitLab. */
export function readGitLabMarker(head: string): FailureMarker | undefined {
  const failed = FAILED.exec(head);
  if (!failed) {
    return undefined;
  }
  return failed[1]
    ? { kind: 'ended', exitCode: Number(failed[1]) }
    : { kind: 'stopped' };
}

/** What gitlab-runner does once the script of a job has failed. */
const AFTER_SCRIPT =
  /^(?:Running after_script|Uploading artifacts for failed job|Saving cache for failed job|Cleaning up (?:project directory and )?file based variables)/;

/** Whether a line begins what GitLab does after the script: nothing below it is a cause. */
export const isAfterGitLabScript = (text: string): boolean =>
  AFTER_SCRIPT.test(text);
