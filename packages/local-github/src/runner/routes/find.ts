// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import type { ForgeRepository } from '../../forge/types';
import { notFound } from '../../forge/http/errors';
import { numberParam } from '../../forge/http/route';
import type { JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import type { WorkflowRecord } from '../store/WorkflowStore';
import { syncWorkflows } from '../triggers/syncWorkflows';
import type { RunnerParts } from './RunnerParts';

/** The run of `:run_id`. */
export function findRun(
  { services }: RunnerParts,
  repository: ForgeRepository,
  req: Request,
): RunRecord {
  const id = numberParam(req, 'run_id');
  const run = id === undefined ? undefined : services.store.runs.find(id);
  if (run?.repositoryId !== repository.id) {
    throw notFound();
  }
  return run;
}

/** The attempt of `:attempt_number`. */
export function findAttempt(
  parts: RunnerParts,
  repository: ForgeRepository,
  req: Request,
): RunRecord {
  const run = findRun(parts, repository, req);
  const attempt = numberParam(req, 'attempt_number');
  const found =
    attempt === undefined
      ? undefined
      : parts.services.store.runs.findAttempt(run.id, attempt);
  if (!found) {
    throw notFound();
  }
  return found;
}

/** The job with this id, and its run. */
export function findJob(
  { services }: RunnerParts,
  repository: ForgeRepository,
  id: number | undefined,
): { job: JobRecord; run: RunRecord } {
  const job = id === undefined ? undefined : services.store.jobs.find(id);
  const run = job && services.store.runs.find(job.runId);
  if (!job || run?.repositoryId !== repository.id) {
    throw notFound();
  }
  return { job, run };
}

/** The workflow of `:workflow_id`, which is an id or a file's name. */
export async function findWorkflow(
  { services }: RunnerParts,
  repository: ForgeRepository,
  req: Request,
): Promise<WorkflowRecord> {
  await syncWorkflows(services, repository);
  const workflow = services.store.workflows.find(
    repository.id,
    req.params.workflow_id,
  );
  if (!workflow || workflow.state === 'deleted') {
    throw notFound();
  }
  return workflow;
}
