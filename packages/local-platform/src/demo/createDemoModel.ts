// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { Step } from '../../bootstrap/Steps.mjs';
import { readJsonIfValid, writeAtomically } from '../../bootstrap/files.mjs';
import { sleep } from '../../bootstrap/processes.mjs';
import { MANIFESTS_REPOSITORY } from '../cluster/images/delivery';
import { DEMO_ORGANIZATION } from '../portal/portalConfig';
import { PortalClient } from '../portal/PortalClient';
import { DemoManifests } from './DemoManifests';
import { DemoPipeline } from './DemoPipeline';

/** The component, experiment, registered model and repository of the demo. */
export const DEMO_MODEL = 'wine-cultivar';

const MODEL_TEMPLATE = 'template:default/model-service';
const MANIFESTS_TEMPLATE = 'template:default/infra-manifests';
const TEAM = 'group:default/fraud-team';
/** The demo's only environment: a second one would take the memory of a second server. */
const ENVIRONMENTS = 'dev';
const TASK_TIMEOUT_MS = 3 * 60_000;

const recordSchema = z.object({
  status: z.enum(['creating', 'done']),
  taskId: z.string().optional(),
  /** The task that made the GitOps repository. */
  manifestsTaskId: z.string().optional(),
  /** Whether the pipelines that fail have been started. */
  hasFailures: z.boolean().optional(),
});

/** What the demo has come to, kept between starts. */
export type DemoRecord = z.infer<typeof recordSchema>;

/** What of the platform the demo uses. */
export interface DemoOptions {
  portal: PortalClient;
  pipeline: DemoPipeline;
  /** The GitOps repository, where there is a cluster that follows one; the model is then handed off to it. */
  manifests?: DemoManifests;
  /** Host of the GitHub integration, for example `localhost:3002`. */
  forgeHost: string;
  recordFile: string;
  step: Step;
  signal?: AbortSignal;
}

/** False once the demo model has been made, also when somebody has removed it since. */
export function isDemoWanted(recordFile: string): boolean {
  return readRecord(recordFile)?.status !== 'done';
}

/**
 * Makes one model the way a newcomer would: through the template, forge, the pipeline and the
 * gate. Each start goes on where the one before was interrupted.
 */
export async function createDemoModel(options: DemoOptions): Promise<void> {
  const { recordFile, step, pipeline, manifests, signal } = options;
  if (manifests) {
    step.detail('the repository of the manifests');
    await runTemplate(
      options,
      MANIFESTS_TEMPLATE,
      manifestsValues(options.forgeHost),
      'manifestsTaskId',
    );
    await manifests.pauseChecks(signal);
  }
  const resumed = await runTemplate(
    options,
    MODEL_TEMPLATE,
    modelValues(options.forgeHost, manifests !== undefined),
    'taskId',
  );
  step.detail('pipeline is starting');
  if (resumed) {
    await pipeline.rerunFailed(signal);
  }
  const version = await pipeline.waitForVersion(
    progress => step.detail(progress),
    signal,
  );
  saveRecord(recordFile, { ...readRecord(recordFile), status: 'done' });
  const isHandedOff = await manifests?.hasModel(DEMO_MODEL, signal);
  step.detail(
    `registered v${version}${isHandedOff ? `, handed off to ${ENVIRONMENTS}` : ''}`,
  );
}

/** @returns whether an earlier start had come this far already */
async function runTemplate(
  options: DemoOptions,
  template: string,
  values: Record<string, unknown>,
  key: 'taskId' | 'manifestsTaskId',
): Promise<boolean> {
  const { portal, recordFile, step, signal } = options;
  const earlier = readRecord(recordFile)?.[key];
  if (earlier && (await portal.taskStatus(earlier, signal)) === 'completed') {
    return true;
  }
  // One that is still open went with the backend that ran it. The template makes what is missing.
  const taskId = await portal.createTask(template, values, signal);
  saveRecord(recordFile, {
    ...readRecord(recordFile),
    status: 'creating',
    [key]: taskId,
  });
  await followTask(portal, taskId, step, signal);
  return false;
}

/** What a newcomer would type into the form of Infra manifests, and what the form fills in: the API takes no defaults. */
function manifestsValues(forgeHost: string): Record<string, unknown> {
  return {
    name: MANIFESTS_REPOSITORY,
    description: 'What runs in the cluster, applied by Argo CD.',
    owner: 'group:default/ml-platform',
    teams: [TEAM],
    environments: ENVIRONMENTS,
    productionSync: 'automatic',
    images: [],
    clusterServer: 'https://kubernetes.default.svc',
    argocdNamespace: 'argocd',
    gatewayName: 'kserve-ingress-gateway',
    gatewayNamespace: 'kserve',
    monitoringNamespace: 'monitoring',
    prometheusRelease: 'kube-prometheus-stack',
    portalUrl: 'http://greenroom.greenroom.svc:7007',
    errorObjective: '99.5',
    latencyObjective: '95',
    repository: {
      host: forgeHost,
      owner: DEMO_ORGANIZATION,
      visibility: 'private',
    },
  };
}

/** What a newcomer would type into the form of Model service. */
function modelValues(
  forgeHost: string,
  isHandedOff: boolean,
): Record<string, unknown> {
  return {
    ...(isHandedOff && { delivery: { environments: ENVIRONMENTS } }),
    name: DEMO_MODEL,
    description: 'Tells the three cultivars of a wine apart by its chemistry.',
    owner: TEAM,
    system: 'system:default/decisions',
    data: { dataset: 'wine', target: 'target', task: 'classification' },
    gate: { metric: 'accuracy', threshold: 0.9 },
    repository: {
      host: forgeHost,
      owner: DEMO_ORGANIZATION,
      visibility: 'private',
    },
  };
}

async function followTask(
  portal: PortalClient,
  taskId: string,
  step: Step,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + TASK_TIMEOUT_MS;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    const status = await portal.taskStatus(taskId, signal);
    if (status === 'completed') {
      return;
    }
    const events = await portal.taskEvents(taskId, signal);
    const messages = events.flatMap(event => event.body.message ?? []);
    if (status === 'failed' || status === 'cancelled' || !status) {
      const why = messages.filter(message => /error|fail/i.test(message)).pop();
      throw new Error(
        `the template's task ${taskId} ${status ?? 'is gone'}${why ? `: ${stripVTControlCharacters(why).split('\n')[0]}` : ''}`,
      );
    }
    step.detail(firstLine(messages.pop() ?? 'template is starting'));
    await sleep(500);
  }
  throw new Error(`the template's task ${taskId} is not done after 3 minutes`);
}

/** A log line without its colours and level. */
function firstLine(text: string): string {
  return stripVTControlCharacters(text)
    .split('\n')[0]
    .replace(/^\w+:\s+(?=[A-Z])/, '')
    .trim();
}

/** False once the pipelines that fail have been started: who mends them has seen enough. */
export function areFailuresWanted(recordFile: string): boolean {
  return !readRecord(recordFile)?.hasFailures;
}

/** @throws when there is no demo model whose pipelines could fail */
export async function makeFailures(
  recordFile: string,
  make: () => Promise<void>,
): Promise<void> {
  const record = readRecord(recordFile);
  if (record?.status !== 'done') {
    throw new Error('there is no first model to change');
  }
  await make();
  saveRecord(recordFile, { ...record, hasFailures: true });
}

function readRecord(file: string): DemoRecord | undefined {
  return recordSchema.safeParse(readJsonIfValid(file)).data;
}

function saveRecord(file: string, record: DemoRecord): void {
  writeAtomically(file, `${JSON.stringify(record)}\n`);
}
