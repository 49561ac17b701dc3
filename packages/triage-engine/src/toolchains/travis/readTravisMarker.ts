// SPDX-License-Identifier: Apache-2.0
import type { FailureMarker } from '../FailureMarker';

/** Travis: `travis_result` and `travis_terminate` of travis-build. */
const TRAVIS =
  /^The command "(.{1,400})" (?:exited with|failed and exited with) (\d{1,5})\b/;
const TRAVIS_STOPPED =
  /^(?:No output has been received in the last \d|The job exceeded the maximum time limit)/;

/** Reads a line as the end of a failing command of Travis. */
export function readTravisMarker(head: string): FailureMarker | undefined {
  const ended = TRAVIS.exec(head);
  if (ended) {
    const exitCode = Number(ended[2]);
    return exitCode === 0
      ? undefined
      : { kind: 'ended', exitCode, command: ended[1] };
  }
  return TRAVIS_STOPPED.test(head) ? { kind: 'stopped' } : undefined;
}
