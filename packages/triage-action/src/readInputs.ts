// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { z } from 'zod';
import { getInput, getVariable, type Runtime } from './runtime';

/** What every step is asked for. */
interface CommonInputs {
  token: string;
  apiUrl: string;
  owner: string;
  repo: string;
  /** The JSON of the report, absolute. */
  file: string;
  /** As `triage.gemini` of the portal's configuration. */
  gemini: {
    apiKey?: string;
    baseUrl?: string;
    vertex?: { project: string; location?: string };
  };
}

/** Of a run of a workflow. */
export interface RunInputs extends CommonInputs {
  mode: 'analyze' | 'post';
  runId: number;
  runAttempt: number;
}

/** Of a group of alerts. */
export interface AlertInputs extends CommonInputs {
  mode: 'alert' | 'post-alert';
  /** `github.com` */
  host: string;
  /** Where the alerts are, absolute; the event's own file has them below other things. */
  alert: { file: string; isEvent: boolean };
  /** Its text. */
  kubeconfig?: string;
  prometheus?: { url: string; token?: string };
}

/** What the step was asked for. */
export type Inputs = RunInputs | AlertInputs;

const count = (name: string) =>
  z.coerce.number({ error: `${name} must be a number` }).pipe(
    z.int({ error: `${name} must be a number` }).min(1, {
      error: `${name} must be given where no workflow_run event gives it`,
    }),
  );

const token = z.string().min(1, { error: 'github-token must be given' });

const schema = z.discriminatedUnion(
  'mode',
  [
    z.object({
      mode: z.enum(['analyze', 'post']),
      token,
      runId: count('run-id'),
      runAttempt: count('run-attempt'),
    }),
    z.object({
      mode: z.enum(['alert', 'post-alert']),
      token,
      prometheusUrl: z.literal('').or(
        z.url({
          protocol: /^https?$/,
          error: 'prometheus-url must be an address of http or https',
        }),
      ),
    }),
  ],
  { error: 'mode must be "analyze", "post", "alert" or "post-alert"' },
);

/** @throws Error with a sentence for each input that cannot be used */
export function readInputs(runtime: Runtime): Inputs {
  const read = schema.safeParse({
    mode: getInput(runtime, 'mode'),
    token: getInput(runtime, 'github-token'),
    runId: getInput(runtime, 'run-id'),
    runAttempt: getInput(runtime, 'run-attempt'),
    prometheusUrl: getInput(runtime, 'prometheus-url'),
  });
  if (!read.success) {
    throw new Error(read.error.issues.map(({ message }) => message).join('; '));
  }
  const workspace = getVariable(runtime, 'GITHUB_WORKSPACE');
  const inWorkspace = (name: string) => {
    const file = path.resolve(workspace, getInput(runtime, name));
    if (!file.startsWith(workspace + path.sep)) {
      throw new Error(`${name} must be a file of the workspace`);
    }
    return file;
  };
  const [owner, repo] = getVariable(runtime, 'GITHUB_REPOSITORY').split('/');
  const optional = (name: string) => getInput(runtime, name) || undefined;
  const project = optional('vertex-project');
  const common: CommonInputs = {
    token: read.data.token,
    apiUrl: getVariable(runtime, 'GITHUB_API_URL'),
    owner,
    repo,
    file: inWorkspace('report'),
    gemini: {
      apiKey: optional('gemini-api-key'),
      baseUrl: optional('gemini-base-url'),
      vertex: project
        ? { project, location: optional('vertex-location') }
        : undefined,
    },
  };
  if ('runId' in read.data) {
    return { ...common, ...read.data };
  }
  const { mode, prometheusUrl: url } = read.data;
  return {
    ...common,
    mode,
    host: new URL(getVariable(runtime, 'GITHUB_SERVER_URL')).host,
    alert: optional('alert')
      ? { file: inWorkspace('alert'), isEvent: false }
      : { file: getVariable(runtime, 'GITHUB_EVENT_PATH'), isEvent: true },
    kubeconfig: optional('kubeconfig'),
    prometheus: url ? { url, token: optional('prometheus-token') } : undefined,
  };
}
