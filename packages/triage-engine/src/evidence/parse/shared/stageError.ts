// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import { ellipsis } from '../../../text/cutText';

const MAX_MESSAGE = 500;

/** What could not be read, or was left out, said for people. */
export function stageError(
  stage: string,
  code: string,
  message: string,
  source?: string,
): StageError {
  return {
    stage,
    ...(source ? { source: ellipsis(source, MAX_MESSAGE) } : {}),
    code,
    message: ellipsis(message, MAX_MESSAGE),
  };
}

/** `1 leak`, `2 leaks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
