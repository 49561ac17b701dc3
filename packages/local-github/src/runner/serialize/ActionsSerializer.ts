// SPDX-License-Identifier: Apache-2.0
import type { ForgeContext, ForgeRepository } from '../../forge/types';
import type { ArtifactRecord } from '../store/ArtifactStore';
import type { JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import type { RunnerStore } from '../store/RunnerStore';
import type { WorkflowRecord } from '../store/WorkflowStore';

/** GitHub's JSON of Actions (its OpenAPI schemas `workflow`, `workflow-run`, `job`, `artifact`). */
export class ActionsSerializer {
  readonly #context: ForgeContext;
  readonly #store: RunnerStore;

  constructor(context: ForgeContext, store: RunnerStore) {
    this.#context = context;
    this.#store = store;
  }

  workflow(repository: ForgeRepository, workflow: WorkflowRecord) {
    const { web } = this.#context.urls;
    const { fullName, defaultBranch } = repository;
    return {
      id: workflow.id,
      node_id: nodeId('Workflow', workflow.id),
      name: workflow.name,
      path: workflow.path,
      state: workflow.state,
      created_at: workflow.createdAt,
      updated_at: workflow.updatedAt,
      url: `${this.api(repository)}/actions/workflows/${workflow.id}`,
      html_url: `${web}/${fullName}/blob/${defaultBranch}/${workflow.path}`,
      badge_url: `${web}/${fullName}/actions/workflows/${workflow.path
        .split('/')
        .at(-1)}/badge.svg`,
    };
  }

  workflowOf(repository: ForgeRepository, run: RunRecord) {
    const workflow = this.#store.workflows.find(repository.id, run.path);
    return workflow ? this.workflow(repository, workflow) : null;
  }

  async run(repository: ForgeRepository, run: RunRecord) {
    const { serialize } = this.#context;
    const url = `${this.api(repository)}/actions/runs/${run.id}`;
    return {
      id: run.id,
      name: run.name,
      node_id: nodeId('WorkflowRun', run.id),
      head_branch: run.headBranch,
      head_sha: run.headSha,
      path: run.path,
      display_title: run.displayTitle,
      run_number: run.runNumber,
      run_attempt: run.runAttempt,
      event: run.event,
      status: run.status,
      conclusion: run.conclusion,
      workflow_id: run.workflowId,
      check_suite_id: run.id,
      check_suite_node_id: nodeId('CheckSuite', run.id),
      url,
      html_url: `${this.#context.urls.web}/${repository.fullName}/actions/runs/${run.id}`,
      pull_requests: pullRequests(run),
      created_at: run.createdAt,
      updated_at: run.updatedAt,
      actor: serialize.user(run.actor),
      triggering_actor: serialize.user(run.triggeringActor),
      run_started_at: run.runStartedAt,
      jobs_url: `${url}/jobs`,
      logs_url: `${url}/logs`,
      check_suite_url: `${this.api(repository)}/check-suites/${run.id}`,
      artifacts_url: `${url}/artifacts`,
      cancel_url: `${url}/cancel`,
      rerun_url: `${url}/rerun`,
      previous_attempt_url:
        run.runAttempt > 1 ? `${url}/attempts/${run.runAttempt - 1}` : null,
      workflow_url: `${this.api(repository)}/actions/workflows/${run.workflowId}`,
      referenced_workflows: [],
      head_commit: await this.headCommit(repository, run.headSha),
      repository: serialize.minimalRepository(repository),
      head_repository: serialize.minimalRepository(repository),
    };
  }

  job(run: RunRecord, job: JobRecord) {
    const repository = this.#context.repositories.findById(run.repositoryId);
    const api = repository ? this.api(repository) : '';
    const fullName = repository?.fullName ?? '';
    return {
      id: job.id,
      run_id: run.id,
      workflow_name: run.name,
      head_branch: run.headBranch,
      run_url: `${api}/actions/runs/${run.id}`,
      run_attempt: job.runAttempt,
      node_id: nodeId('CheckRun', job.id),
      head_sha: run.headSha,
      url: `${api}/actions/jobs/${job.id}`,
      html_url: `${this.#context.urls.web}/${fullName}/actions/runs/${run.id}/job/${job.id}`,
      status: job.status,
      conclusion: job.conclusion,
      created_at: job.createdAt,
      started_at: job.startedAt ?? job.createdAt,
      completed_at: job.completedAt,
      name: job.name,
      steps: this.#store.jobs.steps(job).map(step => ({
        name: step.name,
        status: step.status,
        conclusion: step.conclusion,
        number: step.number,
        started_at: step.startedAt,
        completed_at: step.completedAt,
      })),
      check_run_url: `${api}/check-runs/${job.id}`,
      labels: job.labels,
      runner_id: job.startedAt ? 1 : null,
      runner_name: job.startedAt ? 'greenroom-runner' : null,
      runner_group_id: job.startedAt ? 1 : null,
      runner_group_name: job.startedAt ? 'Default' : null,
    };
  }

  artifact(repository: ForgeRepository, artifact: ArtifactRecord) {
    const url = `${this.api(repository)}/actions/artifacts/${artifact.id}`;
    const run = this.#store.runs.find(artifact.runId);
    return {
      id: artifact.id,
      node_id: nodeId('Artifact', artifact.id),
      name: artifact.name,
      size_in_bytes: artifact.size,
      url,
      archive_download_url: `${url}/zip`,
      expired: Date.parse(artifact.expiresAt) < Date.now(),
      digest: artifact.digest,
      created_at: artifact.createdAt,
      updated_at: artifact.createdAt,
      expires_at: artifact.expiresAt,
      workflow_run: run
        ? {
            id: run.id,
            repository_id: repository.id,
            head_repository_id: repository.id,
            head_branch: run.headBranch ?? '',
            head_sha: run.headSha,
          }
        : null,
    };
  }

  /** The part of a commit that GitHub puts into runs and check suites (`simple-commit`). */
  async headCommit(repository: ForgeRepository, sha: string) {
    const commit = await this.#context.serialize
      .headCommit(repository, sha)
      .catch(() => undefined);
    if (!commit) {
      return null;
    }
    const { id, tree_id, message, timestamp, author, committer } = commit;
    return {
      id,
      tree_id,
      message,
      timestamp,
      author: person(author),
      committer: person(committer),
    };
  }

  /** The base URL of a repository's routes. */
  api(repository: ForgeRepository): string {
    return `${this.#context.urls.api}/repos/${repository.fullName}`;
  }
}

/** An opaque id, as GitHub's GraphQL has it. */
export function nodeId(type: string, id: number): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

function person(value: unknown): { name: unknown; email: unknown } | null {
  return typeof value === 'object' && value !== null
    ? {
        name: Reflect.get(value, 'name') ?? '',
        email: Reflect.get(value, 'email') ?? '',
      }
    : null;
}

/** GitHub's `pull-request-minimal` out of a pull_request event's payload. */
function pullRequests(run: RunRecord): unknown[] {
  const pull = run.payload.pull_request;
  if (
    !run.event.startsWith('pull_request') ||
    typeof pull !== 'object' ||
    pull === null ||
    Array.isArray(pull)
  ) {
    return [];
  }
  const side = (value: unknown) => {
    const repo =
      typeof value === 'object' && value !== null
        ? Reflect.get(value, 'repo')
        : undefined;
    return typeof value === 'object' && value !== null
      ? {
          ref: Reflect.get(value, 'ref'),
          sha: Reflect.get(value, 'sha'),
          repo:
            typeof repo === 'object' && repo !== null
              ? {
                  id: Reflect.get(repo, 'id'),
                  url: Reflect.get(repo, 'url'),
                  name: Reflect.get(repo, 'name'),
                }
              : null,
        }
      : null;
  };
  return [
    {
      id: pull.id,
      number: pull.number,
      url: pull.url,
      head: side(pull.head),
      base: side(pull.base),
    },
  ];
}
