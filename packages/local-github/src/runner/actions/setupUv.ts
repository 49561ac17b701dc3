// SPDX-License-Identifier: Apache-2.0
import type { ActionInvocation, ActionResult } from '../execution/stepTypes';
import { findPython, provideUv, useEnvironment } from './pythonEnvironment';

/** astral-sh/setup-uv: the platform's uv on PATH, and the environment of the lock file. */
export async function setupUv(
  invocation: ActionInvocation,
): Promise<ActionResult> {
  const { inputs, state, log } = invocation;
  await provideUv(state);
  const wanted = inputs.get('python-version');
  if (wanted || !state.env.VIRTUAL_ENV) {
    await useEnvironment(
      invocation,
      await findPython(invocation, wanted),
      inputs.lines('cache-dependency-glob'),
    );
  }
  const lines: string[] = [];
  await invocation.capture(state.services.uv, ['--version'], line =>
    lines.push(line),
  );
  const version = /(?<!\d)\d+(\.\d+)+/.exec(lines.join(' '))?.[0] ?? '';
  log.write(`Successfully provided uv ${version}`);
  return {
    outputs: {
      'uv-version': version,
      'uv-path': state.services.uv,
      'cache-hit': 'true',
    },
  };
}
