// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { resolveInside } from '../execution/resolveInside';
import type { ActionInvocation, ActionResult } from '../execution/stepTypes';
import { findPython, provideUv, useEnvironment } from './pythonEnvironment';

/** actions/setup-python: this machine's Python of that version, in the environment of the lock file. */
export async function setupPython(
  invocation: ActionInvocation,
): Promise<ActionResult> {
  const { inputs, state } = invocation;
  const { workspace } = state.directories;
  const file = inputs.get('python-version-file');
  const wanted = file
    ? versionIn(
        state.files.read(resolveInside(workspace, file)).toString('utf8'),
      )
    : (inputs.lines('python-version').at(-1) ?? '');
  await provideUv(state);
  const python = await findPython(invocation, wanted);
  const directory = await useEnvironment(
    invocation,
    python,
    inputs.lines('cache-dependency-path'),
  );
  state.env.pythonLocation = directory;
  invocation.log.write(`Successfully set up CPython (${python.version})`);
  return {
    outputs: {
      'python-version': python.version,
      'python-path': path.join(directory, 'bin', 'python'),
      'cache-hit': 'true',
    },
  };
}

/** From `.python-version`, or `requires-python` of pyproject.toml. */
function versionIn(content: string): string {
  const requires = /^requires-python\s*=\s*["']([^"']+)["']/m.exec(
    content,
  )?.[1];
  return requires ?? content.trim().split('\n')[0];
}
