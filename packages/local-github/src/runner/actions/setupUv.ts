// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { JobState } from '../execution/JobState';
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
    const pin = pinned(state);
    const python = await findPython(invocation, wanted || pin);
    await useEnvironment(
      invocation,
      python,
      inputs.lines('cache-dependency-glob'),
    );
    if (pin && !`${python.version}.`.startsWith(`${pin}.`)) {
      // uv itself would look for the very version that .python-version names.
      state.env.UV_PYTHON = python.executable;
    }
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

/** The version in the workspace's `.python-version`, which uv obeys; empty without one. */
function pinned({ directories, files }: JobState): string {
  const file = path.join(directories.workspace, '.python-version');
  return existsSync(file) ? files.read(file).toString('utf8').trim() : '';
}
