// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { Step } from '../../bootstrap/Steps.mjs';
import { readJsonIfValid, writeAtomically } from '../../bootstrap/files.mjs';
import { sleep } from '../../bootstrap/processes.mjs';
import { DEMO_ORGANIZATION } from '../portal/portalConfig';
import { PortalClient } from '../portal/PortalClient';
import { DemoPipeline } from './DemoPipeline';

/** The component, experiment, registered model and repository of the demo. */
export const DEMO_MODEL = 'wine-cultivar';

const TEMPLATE = 'template:default/model-service';
const TASK_TIMEOUT_MS = 3 * 60_000;

const recordSchema = z.object({
  status: z.enum(['creating', 'done']),
  taskId: z.string().optional(),
});

/** What the demo has come to, kept between starts. */
export type DemoRecord = z.infer<typeof recordSchema>;

/** What of the platform the demo uses. */
export interface DemoOptions {
  portal: PortalClient;
  pipeline: DemoPipeline;
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
  const { recordFile, step, pipeline, signal } = options;
  const resumed = await runTemplate(options);
  step.detail('pipeline is starting');
  if (resumed) {
    await pipeline.rerunFailed(signal);
  }
  const version = await pipeline.waitForVersion(
    progress => step.detail(progress),
    signal,
  );
  saveRecord(recordFile, { ...readRecord(recordFile), status: 'done' });
  step.detail(`registered v${version}`);
}

/** @returns whether an earlier start had come this far already */
async function runTemplate(options: DemoOptions): Promise<boolean> {
  const { portal, forgeHost, recordFile, step, signal } = options;
  const earlier = readRecord(recordFile)?.taskId;
  if (earlier && (await portal.taskStatus(earlier, signal)) === 'completed') {
    return true;
  }
  // One that is still open went with the backend that ran it. The template makes what is missing.
  const taskId = await portal.createTask(
    TEMPLATE,
    demoValues(forgeHost),
    signal,
  );
  saveRecord(recordFile, { status: 'creating', taskId });
  await followTask(portal, taskId, step, signal);
  return false;
}

/** What a newcomer would type into the template's form. */
function demoValues(forgeHost: string): Record<string, unknown> {
  return {
    name: DEMO_MODEL,
    description: 'Tells the three cultivars of a wine apart by its chemistry.',
    owner: 'group:default/fraud-team',
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

function readRecord(file: string): DemoRecord | undefined {
  return recordSchema.safeParse(readJsonIfValid(file)).data;
}

function saveRecord(file: string, record: DemoRecord): void {
  writeAtomically(file, `${JSON.stringify(record)}\n`);
}
