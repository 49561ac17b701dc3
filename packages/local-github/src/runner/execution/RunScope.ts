// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import { readFileAt } from '../repositoryFiles';
import type { JobEnd, JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import type { JsonObject, Status } from '../types';
import {
  parseWorkflow,
  type JobDefinition,
  type WorkflowDefinition,
} from '../workflow/parseWorkflow';
import {
  capPermissions,
  defaultPermissions,
  readPermissions,
  type Permissions,
} from '../workflow/permissions';
import type { ConcurrencyGroups } from './ConcurrencyGroups';
import { githubContext } from './githubContext';
import type { RunnerServices } from './JobState';
import type { RunPublisher } from './RunPublisher';

/** A workflow file inside a run: the run's own, or one that a job calls. */
export interface GraphOptions {
  workflow: WorkflowDefinition;
  inputs: JsonObject;
  secrets: Record<string, string>;
  /** A called workflow cannot have more than its caller. */
  permissionsCap?: Permissions;
  /** `caller/` inside a called workflow. */
  keyPrefix: string;
  /** `caller / ` inside a called workflow. */
  namePrefix: string;
  depth: number;
}

/** What the parts of one run share: its contexts, its records, and where jobs wait for a place. */
export class RunScope {
  cancelled = false;
  readonly github: JsonObject;
  readonly vars: JsonObject;
  readonly #endListeners = new Map<number, () => void>();
  readonly #previous: JobRecord[];
  readonly services: RunnerServices;
  /** Runs a job once there is a place for it. */
  readonly enqueue: (job: () => Promise<void>) => void;
  readonly groups: ConcurrencyGroups;
  readonly #publisher: RunPublisher;
  readonly repository: ForgeRepository;
  run: RunRecord;
  readonly secrets: Record<string, string>;

  constructor(
    services: RunnerServices,
    enqueue: (job: () => Promise<void>) => void,
    groups: ConcurrencyGroups,
    publisher: RunPublisher,
    repository: ForgeRepository,
    run: RunRecord,
    secrets: Record<string, string>,
  ) {
    this.services = services;
    this.enqueue = enqueue;
    this.groups = groups;
    this.#publisher = publisher;
    this.repository = repository;
    this.run = run;
    this.secrets = secrets;
    this.github = githubContext(services.context, repository, run);
    this.vars = {
      ...services.organizations.variablesFor(repository),
      ...Object.fromEntries(
        services.store.settings
          .variables(repository.id)
          .map(({ name, value }) => [name, value]),
      ),
    };
    this.#previous = run.rerunOfFailed
      ? services.store.jobs.list(run.id, run.runAttempt - 1)
      : [];
  }

  /** A concurrency group belongs to its repository. */
  groupName(group: string): string {
    return `${this.repository.id}:${group}`;
  }

  createJob(key: string, name: string, labels: string[]): JobRecord {
    const job = this.services.store.jobs.create({
      runId: this.run.id,
      runAttempt: this.run.runAttempt,
      key,
      name,
      labels,
    });
    this.#publisher.job(this.run, job, 'queued');
    return job;
  }

  /** In a re-run of failed jobs: the job of the attempt before, if it succeeded. */
  takeOver(key: string, name: string): JobRecord | undefined {
    const job = this.#previous.find(
      candidate =>
        candidate.key === key &&
        candidate.name === name &&
        candidate.conclusion === 'success',
    );
    return job && this.services.store.jobs.takeOver(job, this.run.runAttempt);
  }

  startJob(job: JobRecord): JobRecord {
    const started = this.services.store.jobs.start(job.id);
    if (this.run.status !== 'in_progress') {
      this.run = this.services.store.runs.setStatus(this.run.id, 'in_progress');
      this.#publisher.run(this.run, 'in_progress');
    }
    this.#publisher.job(this.run, started, 'in_progress');
    return started;
  }

  completeJob(job: JobRecord, end: JobEnd, message?: string): JobRecord {
    if (this.services.isStopping()) {
      return job;
    }
    if (message !== undefined) {
      this.services.store.jobs.annotate(job.id, { level: 'failure', message });
    }
    const completed = this.services.store.jobs.complete(job.id, end);
    this.#publisher.job(this.run, completed, 'completed');
    this.#endListeners.get(job.id)?.();
    this.#endListeners.delete(job.id);
    return completed;
  }

  /** A job that was skipped or could not be made. */
  recordWithoutRunning(job: {
    key: string;
    name: string;
    conclusion: 'skipped' | 'failure';
    message?: string;
  }): void {
    const record = this.createJob(job.key, job.name, []);
    this.completeJob(record, { conclusion: job.conclusion }, job.message);
  }

  setJobStatus(job: JobRecord, status: Status): void {
    this.services.store.jobs.setStatus(job.id, status);
  }

  onJobEnd(jobId: number, listener: () => void): void {
    this.#endListeners.set(jobId, listener);
  }

  /** Notes that something moved: `updated_at`. */
  touch(): void {
    this.run = this.services.store.runs.setStatus(this.run.id, this.run.status);
  }

  /** What the GITHUB_TOKEN of a job may do. */
  permissionsOf(definition: JobDefinition, graph: GraphOptions): Permissions {
    const token = definition.permissions ?? graph.workflow.permissions;
    const { defaultPermissions: level } = this.services.store.settings.settings(
      this.repository.id,
    );
    const { parser } = this.services.language;
    let permissions = graph.permissionsCap ?? defaultPermissions(level);
    if (token) {
      permissions = readPermissions(
        parser.isMapping(token)
          ? Object.fromEntries(
              [...token].map(({ key, value }) => [
                key.toString(),
                value.toString(),
              ]),
            )
          : token.toString(),
      );
    }
    return graph.permissionsCap
      ? capPermissions(permissions, graph.permissionsCap)
      : permissions;
  }

  /**
   * A workflow file of the run's commit.
   * @throws if there is none, it is not valid, or it cannot be called.
   */
  async loadWorkflow(file: string): Promise<WorkflowDefinition> {
    const content = await readFileAt(this.repository, this.run.sha, file);
    if (content === undefined) {
      throw new Error(`The workflow ${file} does not exist at ${this.run.sha}`);
    }
    const parsed = await parseWorkflow(this.services.language, file, content);
    if (!parsed.workflow) {
      throw new Error(parsed.errors.join('; '));
    }
    if (!Object.hasOwn(parsed.workflow.events, 'workflow_call')) {
      throw new Error(
        `The workflow ${file} cannot be called: it has no workflow_call trigger`,
      );
    }
    return parsed.workflow;
  }

  /** The `inputs` of a called workflow: given values, then defaults. */
  callInputs(
    workflow: WorkflowDefinition,
    definition: JobDefinition,
    evaluator: ExpressionEvaluator,
  ): JsonObject {
    const given = definition.with ? evaluator.value(definition.with) : {};
    const values =
      typeof given === 'object' && given !== null && !Array.isArray(given)
        ? given
        : {};
    const inputs: JsonObject = {};
    for (const [name, input] of Object.entries(
      workflow.events.workflow_call?.inputs ?? {},
    )) {
      const fallback = input.default;
      if (values[name] !== undefined) {
        inputs[name] = values[name];
      } else if (fallback !== undefined) {
        inputs[name] =
          typeof fallback === 'object' ? evaluator.value(fallback) : fallback;
      } else if (input.required) {
        throw new Error(`Input ${name} is required, but not provided`);
      } else {
        inputs[name] = '';
      }
    }
    return inputs;
  }
}
