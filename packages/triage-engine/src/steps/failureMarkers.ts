/** How a CI system says that a step did not succeed. */
export interface FailureMarker {
  /**
   * `ended`: by itself, with an exit code or a statement that it failed;
   * `stopped`: by the runner (time is over, runner lost); `cancelled`; `error`: a
   * message of level error, which need not end the step.
   */
  kind: 'ended' | 'stopped' | 'cancelled' | 'error';
  exitCode?: number;
  /** Travis names what it ran. */
  command?: string;
  /** Jenkins names its build step. */
  step?: string;
}

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

/** Travis: `travis_result` and `travis_terminate` of travis-build. */
const TRAVIS =
  /^The command "(.{1,400})" (?:exited with|failed and exited with) (\d{1,5})\b/;
const TRAVIS_STOPPED =
  /^(?:No output has been received in the last \d|The job exceeded the maximum time limit)/;

/** Jenkins: hudson.tasks.Builder, hudson.model.Run. GitLab: gitlab-runner. */
const JENKINS = /^Build step '(.{1,200})' marked build as failure$/;
const JENKINS_ABORTED =
  /^(?:Build was aborted|Aborted by .{1,200}|Finished: ABORTED)$/;
const GITLAB =
  /^ERROR: Job failed(?: \(system failure\))?: (?:exit (?:code|status) (\d{1,5})|(.{1,200}))/;

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
  const travis = TRAVIS.exec(head);
  if (travis) {
    const exitCode = Number(travis[2]);
    return exitCode === 0
      ? undefined
      : { kind: 'ended', exitCode, command: travis[1] };
  }
  const jenkins = JENKINS.exec(head);
  if (jenkins || head === 'Finished: FAILURE') {
    return { kind: 'ended', step: jenkins?.[1] };
  }
  if (TRAVIS_STOPPED.test(head)) {
    return { kind: 'stopped' };
  }
  if (JENKINS_ABORTED.test(head)) {
    return { kind: 'cancelled' };
  }
  const gitlab = GITLAB.exec(head);
  if (gitlab) {
    return gitlab[1]
      ? { kind: 'ended', exitCode: Number(gitlab[1]) }
      : { kind: 'stopped' };
  }
  return undefined;
}

/** Where the runner begins to put its work away: nothing after it is a cause. */
export function isCleanUp(text: string): boolean {
  return (
    text === 'Post job cleanup.' || text === 'Cleaning up orphan processes'
  );
}
