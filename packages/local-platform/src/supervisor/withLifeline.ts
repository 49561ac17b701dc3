// SPDX-License-Identifier: Apache-2.0
import { ProcessSpec } from './ManagedProcess';

const WITH_LIFELINE =
  'exec 3<&0; "$@" 3<&- & child=$!; { cat <&3 >/dev/null; kill "$child" 2>/dev/null; } & wait "$child"';

/**
 * Ends a program that knows nothing of us when our end of its standard input closes: a shell holds the pipe, and ends it and
 * itself.
 */
export function withLifeline(
  program: string,
  args: string[],
): Pick<ProcessSpec, 'command' | 'args'> {
  return {
    command: '/bin/sh',
    args: ['-c', WITH_LIFELINE, 'sh', program, ...args],
  };
}
