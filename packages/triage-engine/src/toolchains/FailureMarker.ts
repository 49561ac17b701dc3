// SPDX-License-Identifier: Apache-2.0

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
