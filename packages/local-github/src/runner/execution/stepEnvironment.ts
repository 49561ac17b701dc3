// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import type { JobState } from './JobState';
import type { JsonObject, JsonValue } from '../types';

/** Keys of the `github` context that have no environment variable of their own. */
const notExported = new Set(['event', 'token', 'job_workflow_sha']);

/** The whole environment of a process of a step. */
export function stepEnvironment(
  state: JobState,
  github: JsonObject,
  stepEnv: Record<string, string>,
  files: Record<string, string>,
): Record<string, string> {
  const { directories, baseEnv } = state;
  const runner = state.runnerContext();
  const own = {
    ...fromContext('GITHUB', github),
    ...fromContext('RUNNER', runner),
  };
  const user = { ...state.env, ...stepEnv };
  const environment: Record<string, string> = {
    ...baseEnv,
    HOME: directories.home,
    TMPDIR: directories.temp,
    // Root without its capabilities cannot give files away, which tar tries as root.
    ...(process.getuid?.() === 0 &&
      state.services.isolation.kind !== 'none' && {
        TAR_OPTIONS: '--no-same-owner',
      }),
    GIT_TERMINAL_PROMPT: '0',
    PYTHONUNBUFFERED: '1',
    ...user,
    ...own,
    ...files,
    CI: user.CI ?? 'true',
    GITHUB_ACTIONS: 'true',
    RUNNER_TRACKING_ID: state.trackingId,
  };
  environment.PATH = [...state.path, user.PATH ?? baseEnv.PATH ?? '']
    .filter(Boolean)
    .join(path.delimiter);
  return environment;
}

function fromContext(
  prefix: string,
  context: JsonObject,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context)
      .filter(([name, value]) => isScalar(value) && !notExported.has(name))
      .map(([name, value]) => [
        `${prefix}_${name.toUpperCase()}`,
        value === null ? '' : String(value),
      ]),
  );
}

function isScalar(value: JsonValue): boolean {
  return value === null || typeof value !== 'object';
}
