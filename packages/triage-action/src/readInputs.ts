// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { z } from 'zod';
import { getInput, getVariable, type Runtime } from './runtime';

/** What the step was asked for. */
export interface Inputs {
  mode: 'analyze' | 'post';
  token: string;
  apiUrl: string;
  owner: string;
  repo: string;
  runId: number;
  runAttempt: number;
  /** The JSON of the report, absolute. */
  file: string;
  /** As `triage.gemini` of the portal's configuration. */
  gemini: {
    apiKey?: string;
    baseUrl?: string;
    vertex?: { project: string; location?: string };
  };
}

const count = (name: string) =>
  z.coerce.number({ error: `${name} must be a number` }).pipe(
    z.int({ error: `${name} must be a number` }).min(1, {
      error: `${name} must be given where no workflow_run event gives it`,
    }),
  );

const schema = z.object({
  mode: z.enum(['analyze', 'post'], {
    error: 'mode must be "analyze" or "post"',
  }),
  token: z.string().min(1, { error: 'github-token must be given' }),
  runId: count('run-id'),
  runAttempt: count('run-attempt'),
});

/** @throws Error with a sentence for each input that cannot be used */
export function readInputs(runtime: Runtime): Inputs {
  const read = schema.safeParse({
    mode: getInput(runtime, 'mode'),
    token: getInput(runtime, 'github-token'),
    runId: getInput(runtime, 'run-id'),
    runAttempt: getInput(runtime, 'run-attempt'),
  });
  if (!read.success) {
    throw new Error(read.error.issues.map(({ message }) => message).join('; '));
  }
  const workspace = getVariable(runtime, 'GITHUB_WORKSPACE');
  const file = path.resolve(workspace, getInput(runtime, 'report'));
  if (!file.startsWith(workspace + path.sep)) {
    throw new Error('report must be a file of the workspace');
  }
  const [owner, repo] = getVariable(runtime, 'GITHUB_REPOSITORY').split('/');
  const optional = (name: string) => getInput(runtime, name) || undefined;
  const project = optional('vertex-project');
  return {
    ...read.data,
    apiUrl: getVariable(runtime, 'GITHUB_API_URL'),
    owner,
    repo,
    file,
    gemini: {
      apiKey: optional('gemini-api-key'),
      baseUrl: optional('gemini-base-url'),
      vertex: project
        ? { project, location: optional('vertex-location') }
        : undefined,
    },
  };
}
