// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import { githubContext } from '../execution/githubContext';
import type { RunnerServices } from '../execution/JobState';
import { commitMessage } from '../repositoryFiles';
import type { RunRecord } from '../store/RunStore';
import type { JsonObject } from '../types';
import type { ParsedWorkflow } from '../workflow/parseWorkflow';

/** What starts a run. */
export interface RunRequest {
  repository: ForgeRepository;
  event: string;
  payload: JsonObject;
  inputs: JsonObject;
  ref: string;
  headBranch: string | null;
  headSha: string;
  sha: string;
  path: string;
  content: string;
  parsed: ParsedWorkflow;
  actor: string;
}

/** Records a run, for the engine to start; undefined if the workflow or the repository's Actions are disabled. */
export async function createRun(
  services: RunnerServices,
  request: RunRequest,
): Promise<RunRecord | undefined> {
  const { store, context } = services;
  const { repository, parsed } = request;
  const { name } = parsed;
  const workflow = store.workflows.upsert(repository.id, request.path, name);
  if (
    workflow.state !== 'active' ||
    !store.settings.settings(repository.id).enabled
  ) {
    return undefined;
  }
  const created = store.runs.create({
    repositoryId: repository.id,
    workflowId: workflow.id,
    runNumber: store.workflows.nextRunNumber(workflow.id),
    name,
    displayTitle: await defaultTitle(request, name),
    event: request.event,
    payload: request.payload,
    inputs: request.inputs,
    ref: request.ref,
    headBranch: request.headBranch,
    headSha: request.headSha,
    sha: request.sha,
    path: request.path,
    definition: request.content,
    actor: request.actor,
    message: parsed.errors.join('\n') || null,
  });
  const run = withRunName(services, created, request);
  context.logger.info(
    `${repository.fullName}: run ${run.id} of ${run.path} (${run.event})`,
  );
  return run;
}

/** `run-name:` may name the run itself (`github.run_number`), so it is evaluated once that is known. */
function withRunName(
  services: RunnerServices,
  run: RunRecord,
  request: RunRequest,
): RunRecord {
  const { store, context, language } = services;
  const { repository } = request;
  const token = request.parsed.workflow?.runName;
  if (!token) {
    return run;
  }
  const vars = {
    ...services.organizations.variablesFor(repository),
    ...Object.fromEntries(
      store.settings
        .variables(repository.id)
        .map(({ name, value }) => [name, value]),
    ),
  };
  try {
    const title = new ExpressionEvaluator(language, {
      github: githubContext(context, repository, run),
      inputs: run.inputs,
      vars,
    }).string(token);
    return title.trim() === '' ? run : store.runs.setTitle(run.id, title);
  } catch (error) {
    context.logger.warn(`run-name of run ${run.id}: ${error}`);
    return run;
  }
}

async function defaultTitle(
  request: RunRequest,
  name: string,
): Promise<string> {
  const { event, payload, repository, headSha } = request;
  const pull = payload.pull_request;
  if (typeof pull === 'object' && pull !== null && !Array.isArray(pull)) {
    return String(pull.title ?? name);
  }
  if (event === 'push') {
    return (await commitMessage(repository, headSha)).split('\n')[0] || name;
  }
  return event === 'repository_dispatch'
    ? String(payload.action ?? name)
    : name;
}
