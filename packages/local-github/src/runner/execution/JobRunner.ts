// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { JOB_LOGIN } from '../../forge/types';
import { now } from '../store/schema';
import type { JobEnd } from '../store/JobStore';
import type { Result } from '../types';
import { describePermissions } from '../workflow/permissions';
import type { StepDefinition } from '../workflow/readSteps';
import { baseEnvironment, indexPasswords } from './baseEnvironment';
import { collectOutputs } from './collectOutputs';
import { JobState, type JobSpec, type RunnerServices } from './JobState';
import { StepLog } from './StepLog';
import { maxTimerMs, StepRunner } from './StepRunner';
import type { StepScope } from './stepTypes';
import { whyJobCannotRun } from './whyJobCannotRun';

/** How long `always()` steps may go on after a job was cancelled. */
const cancelGraceMs = 5 * 60_000;

const DEFAULT_TIMEOUT_MINUTES = 360;

/** GitHub's limit of a GITHUB_TOKEN's life; it ends with its job before. */
const maxTokenSeconds = 24 * 60 * 60;

/** What a job tells while it runs. */
export interface JobListener {
  /** A step began or ended. */
  onProgress(): void;
}

/** Runs one job from "Set up job" to "Complete job" in a folder of its own. */
export class JobRunner {
  readonly #state: JobState;
  readonly #cancel = new AbortController();
  readonly #kill = new AbortController();
  readonly #steps: StepRunner;
  #number = 0;
  #timeout: NodeJS.Timeout | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  readonly #services: RunnerServices;
  readonly #spec: JobSpec;
  readonly #listener: JobListener;

  constructor(services: RunnerServices, spec: JobSpec, listener: JobListener) {
    this.#services = services;
    this.#spec = spec;
    this.#listener = listener;
    this.#state = new JobState(
      services,
      spec,
      baseEnvironment(process.env, path.join(services.cacheDir, 'uv-cache')),
    );
    this.#steps = new StepRunner(
      this.#state,
      this.#cancel.signal,
      this.#kill.signal,
    );
  }

  /** Cancels: the running step is interrupted, later ones run only under `always()` or `cancelled()`. */
  abort(): void {
    if (!this.#cancel.signal.aborted) {
      this.#state.status = 'cancelled';
      this.#killTimer = setTimeout(() => this.#kill.abort(), cancelGraceMs);
      this.#cancel.abort();
    }
  }

  /** Ends at once, for a runner that stops. */
  terminate(): void {
    this.abort();
    this.#kill.abort();
    this.#state.endProcesses().catch(() => undefined);
  }

  async run(): Promise<JobEnd> {
    const state = this.#state;
    const scope: StepScope = {
      steps: state.steps,
      contexts: {},
      depth: 0,
      status: () => state.status,
      fail: () => this.#fail(),
    };
    let skipped: string | undefined;
    try {
      await this.#step('Set up job', async log => {
        await this.#setUp(log);
        skipped = whyJobCannotRun(state);
        if (skipped) {
          log.write(`Skipped: ${skipped}`);
          state.annotate({ level: 'notice', message: `Skipped: ${skipped}` });
        }
        return 'success';
      });
      if (skipped) {
        return { conclusion: 'skipped' };
      }
      await this.#runSteps(scope);
      return this.#end();
    } finally {
      await this.#cleanUp();
    }
  }

  #end(): JobEnd {
    const state = this.#state;
    const collected = collectOutputs(state);
    return {
      conclusion: state.status,
      outputs: collected.outputs,
      unavailableOutputs: collected.unavailable,
      summary: state.summaries.join('\n'),
    };
  }

  async #runSteps(scope: StepScope): Promise<void> {
    const { definition } = this.#spec;
    const first = this.#number + 1;
    if (
      this.#state.status === 'success' ||
      this.#state.status === 'cancelled'
    ) {
      definition.steps.forEach((step, index) => {
        this.#save(first + index, this.#steps.nameOf(step, scope), 'queued');
      });
    }
    for (const step of definition.steps) {
      await this.#runStep(step, scope);
    }
    for (const post of this.#state.posts) {
      await this.#step(post.name, async log => {
        await post.run({ log });
        return 'success';
      });
    }
    await this.#step('Complete job', async log => {
      log.write('Evaluate and set job outputs');
      for (const name of collectOutputs(this.#state).withheld) {
        log.warning(`Skip output '${name}' since it may contain secret.`);
      }
      log.write('Cleaning up orphan processes');
      for (const orphan of await this.#state.endProcesses()) {
        log.write(
          `Terminate orphan process: pid (${orphan.pid}) (${orphan.name})`,
        );
      }
      return 'success';
    });
  }

  async #runStep(step: StepDefinition, scope: StepScope): Promise<void> {
    await this.#step(this.#steps.nameOf(step, scope), async log => {
      const { conclusion } = await this.#steps.run(step, scope, log);
      return conclusion;
    });
  }

  async #step(
    name: string,
    body: (log: StepLog) => Promise<Result>,
  ): Promise<void> {
    this.#number += 1;
    const number = this.#number;
    const startedAt = now();
    this.#save(number, name, 'in_progress', null, startedAt);
    this.#listener.onProgress();
    const log = new StepLog(
      this.#services.store.logDirectory(this.#spec.job.id),
      number,
      this.#state.masker,
    );
    let conclusion: Result = 'failure';
    try {
      conclusion = await body(log);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error(message);
      this.#state.annotate({ level: 'failure', message });
      this.#fail();
    } finally {
      log.close();
      this.#save(number, name, 'completed', conclusion, startedAt);
      this.#listener.onProgress();
    }
  }

  #save(
    number: number,
    name: string,
    status: 'queued' | 'in_progress' | 'completed',
    conclusion: Result | null = null,
    startedAt: string | null = null,
  ): void {
    this.#services.store.jobs.saveStep(this.#spec.job.id, {
      number,
      name: this.#state.masker.mask(name),
      status,
      conclusion,
      startedAt,
      completedAt: status === 'completed' ? now() : null,
    });
  }

  async #setUp(log: StepLog): Promise<void> {
    const state = this.#state;
    const spec = this.#spec;
    const services = this.#services;
    const { directories } = state;
    await rm(directories.root, { recursive: true, force: true });
    for (const directory of Object.values(directories)) {
      await mkdir(directory, { recursive: true });
    }
    [...Object.values(spec.secrets), ...indexPasswords(state.baseEnv)].forEach(
      value => state.masker.add(value),
    );
    state.token = services.context.tokens.issue(
      {
        login: JOB_LOGIN,
        repositoryId: spec.repository.id,
        permissions: spec.permissions,
      },
      maxTokenSeconds,
    );
    state.masker.add(state.token);

    const eventPath = path.join(directories.commands, 'event.json');
    await writeFile(eventPath, JSON.stringify(spec.contexts.github.event));
    Object.assign(spec.contexts.github, {
      workspace: directories.workspace,
      event_path: eventPath,
    });

    log.write("Current runner: Greenroom's local platform");
    log.group('Operating System', [process.platform, process.arch]);
    log.group(
      'GITHUB_TOKEN Permissions',
      describePermissions(spec.permissions),
    );
    log.write('Secret source: Actions');
    log.write('Prepare workflow directory');
    log.write(`Requested labels: ${spec.job.labels.join(', ')}`);
    log.write(`Complete job name: ${spec.job.name}`);

    const workflowEnv = state.evaluator().strings(spec.workflow.env);
    state.env = { ...workflowEnv };
    Object.assign(state.env, state.evaluator().strings(spec.definition.env));
    await state.startProcesses();
    this.#startTimeout(log);
  }

  #startTimeout(log: StepLog): void {
    const token = this.#spec.definition.timeoutMinutes;
    const minutes = token
      ? Number(this.#state.evaluator().value(token))
      : DEFAULT_TIMEOUT_MINUTES;
    if (!(minutes > 0)) {
      log.warning('timeout-minutes is not a positive number; using 360');
    }
    const limit = minutes > 0 ? minutes : DEFAULT_TIMEOUT_MINUTES;
    this.#timeout = setTimeout(
      () => {
        this.#state.annotate({
          level: 'failure',
          message: `The job has exceeded the maximum execution time of ${limit} minutes.`,
        });
        this.abort();
      },
      Math.min(limit * 60_000, maxTimerMs),
    );
  }

  #fail(): void {
    if (this.#state.status === 'success') {
      this.#state.status = 'failure';
    }
  }

  async #cleanUp(): Promise<void> {
    clearTimeout(this.#timeout);
    clearTimeout(this.#killTimer);
    await this.#state.endProcesses();
    await this.#state.releaseFolders();
    if (this.#state.token) {
      this.#services.context.tokens.revoke(this.#state.token);
    }
    await rm(this.#state.directories.root, {
      recursive: true,
      force: true,
      maxRetries: 3,
    }).catch(error =>
      this.#services.context.logger.warn(
        `The work folder of job ${this.#spec.job.id} could not be removed: ${error.message}`,
      ),
    );
  }
}
