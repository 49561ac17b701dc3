// SPDX-License-Identifier: Apache-2.0
import type { FailureMarker } from '../toolchains/FailureMarker';
import { readGitLabMarker } from '../toolchains/gitlab/readGitLabMarker';
import { readJenkinsMarker } from '../toolchains/jenkins/readJenkinsMarker';
import { readTravisMarker } from '../toolchains/travis/readTravisMarker';

const ERROR = '##[error]';

/** Messages are read this far: what follows is the program's own text. */
const PREFIX = 600;

/** actions/runner, actions/toolkit (exec), Azure Pipelines. */
const EXIT_CODE =
  /^(?:Process completed with exit code|Docker (?:run|build) failed with exit code|(?:Bash|PowerShell|Cmd\.exe) exited with code|The process '[^']{1,400}' failed with exit code|Script failed with exit code|Command failed with exit code) '?(-?\d{1,10})'?/;

/** actions/runner: JobRunner, JobDispatcher; GitHub's service where a runner is lost. */
const STOPPED =
  /^(?:The job (?:running on runner .{1,300} )?has exceeded the maximum execution time|The action '.{1,300}' has timed out after|The runner has received a shutdown signal|The (?:self-)?hosted runner\b|The hosted runner encountered an error)/;

const CANCELLED = /^The operation was cancell?ed\.|^The run was cancell?ed by/;

function ofError(message: string): FailureMarker {
  const exit = EXIT_CODE.exec(message);
  if (exit) {
    const exitCode = Number(exit[1]);
    return exitCode === 0 ? { kind: 'error' } : { kind: 'ended', exitCode };
  }
  if (STOPPED.test(message)) {
    return { kind: 'stopped' };
  }
  return { kind: CANCELLED.test(message) ? 'cancelled' : 'error' };
}

/**
 * Reads a line (without time stamp) as the end of a failing step.
 *
 * @returns undefined for every other line
 */
export function readFailureMarker(text: string): FailureMarker | undefined {
  if (text.startsWith(ERROR)) {
    return ofError(text.slice(ERROR.length, ERROR.length + PREFIX));
  }
  const first = text.charCodeAt(0);
  // T, N, B, A, F, E: the letters that the others begin with.
  if (
    first !== 84 &&
    first !== 78 &&
    first !== 66 &&
    first !== 65 &&
    first !== 70 &&
    first !== 69
  ) {
    return undefined;
  }
  const head = text.slice(0, PREFIX);
  return (
    readTravisMarker(head) ?? readJenkinsMarker(head) ?? readGitLabMarker(head)
  );
}

/** Where the runner begins to put its work away: nothing after it is a cause. */
export function isCleanUp(text: string): boolean {
  return (
    text === 'Post job cleanup.' || text === 'Cleaning up orphan processes'
  );
}
