// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { findExecutable } from '../execution/findExecutable';
import type { ActionInvocation, ActionResult } from '../execution/stepTypes';

/** actions/setup-go: this machine's Go, with a module and a build cache that all jobs share. */
export async function setupGo(
  invocation: ActionInvocation,
): Promise<ActionResult> {
  const { inputs, state, log, env } = invocation;
  const executable = findExecutable('go', env.PATH ?? '');
  if (!executable) {
    return {
      skipped:
        'actions/setup-go needs Go, which is not installed on this machine (https://go.dev/dl)',
    };
  }
  const lines: string[] = [];
  await invocation.capture(executable, ['env', 'GOVERSION'], line =>
    lines.push(line),
  );
  const version = lines.join('').replace(/^go/, '');
  const wanted = /^\d+(\.\d+)*/.exec(inputs.get('go-version'))?.[0] ?? '';
  if (wanted && !`${version}.`.startsWith(`${wanted}.`)) {
    log.warning(
      `Go ${wanted} is not installed on this machine; Go ${version} is used instead`,
    );
  }
  const cache = path.join(state.services.cacheDir, 'go');
  state.env.GOMODCACHE = path.join(cache, 'mod');
  state.env.GOCACHE = path.join(cache, 'build');
  // Go writes modules read-only, which nothing but Go can remove again.
  state.env.GOFLAGS = [env.GOFLAGS, '-modcacherw'].filter(Boolean).join(' ');
  log.write(`Successfully set up Go ${version}`);
  return {
    outputs: {
      'go-version': version,
      'cache-hit': 'true',
    },
  };
}
