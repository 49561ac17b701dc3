// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { type Limit } from 'p-limit';
import type { ForgeRepository } from '../../forge/types';
import type { JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import type { Conclusion } from '../types';
import { parseWorkflow } from '../workflow/parseWorkflow';
import { ConcurrencyGroups } from './ConcurrencyGroups';
import type { RunnerServices } from './JobState';
import { Masker } from './Masker';
import { RunController } from './RunController';
import type { RunPublisher } from './RunPublisher';
import { RunScope } from './RunScope';
import { StepLog } from './StepLog';

/** How long a stop waits for jobs to clear their folders away. */
const STOP_GRACE_MS = 5_000;

const RESTARTED = 'The runner was restarted';

/** Holds the runs that are not completed: starts, cancels, re-runs and, after a restart, concludes them. */
export class RunEngine {
  /** Where jobs wait, first come, first served; there is none where no job may run. */
  readonly #places: Limit | undefined;
  readonly #running = new Set<Promise<void>>();
  readonly #groups = new ConcurrencyGroups();
  readonly #active = new Map<number, RunController>();
  readonly #services: RunnerServices;
  readonly #publisher: RunPublisher;

  constructor(
    services: RunnerServices,
    publisher: RunPublisher,
    maxJobs: number,
  ) {
    this.#services = services;
    this.#publisher = publisher;
    this.#places = maxJobs > 0 ? pLimit(maxJobs) : undefined;
  }

  /** Starts a run's attempt. */
  async start(run: RunRecord): Promise<void> {
    const { context, store, language } = this.#services;
    const repository = context.repositories.findById(run.repositoryId);
    if (!repository || this.#services.isStopping()) {
      return;
    }
    this.#publisher.run(run, 'requested');
    try {
      const parsed = await parseWorkflow(language, run.path, run.definition);
      if (!parsed.workflow) {
        this.#conclude(run, 'startup_failure', parsed.errors.join('\n'));
        return;
      }
      const scope = new RunScope(
        this.#services,
        job => this.#enqueue(job),
        this.#groups,
        this.#publisher,
        repository,
        run,
        await this.#secretsOf(repository),
      );
      const controller = new RunController(
        scope,
        parsed.workflow,
        run.inputs,
        () => store.runs.setStatus(run.id, 'pending'),
      );
      this.#active.set(run.id, controller);
      controller.finished
        .then(conclusion => {
          this.#active.delete(run.id);
          if (!this.#services.isStopping()) {
            this.#conclude(scope.run, conclusion);
          }
        })
        .catch(error => context.logger.error(`Run ${run.id}: ${error}`));
      controller.start();
    } catch (error) {
      this.#active.delete(run.id);
      this.#conclude(
        run,
        'startup_failure',
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  /** Cancels a run; false if it is completed already. */
  cancel(run: RunRecord, force: boolean): boolean {
    const controller = this.#active.get(run.id);
    controller?.cancel(force);
    return controller !== undefined;
  }

  /** Runs a completed run again: all of it, or what had not succeeded. */
  async rerun(
    run: RunRecord,
    actor: string,
    onlyFailed: boolean,
  ): Promise<RunRecord> {
    const next = this.#services.store.runs.startAttempt(
      run.id,
      actor,
      onlyFailed,
    );
    await this.start(next);
    return next;
  }

  /** Forgets a repository that was deleted: its runs, which end at once, its caches, variables and secrets. */
  async forgetRepository(repositoryId: number): Promise<void> {
    const { store } = this.#services;
    const { runs } = store.runs.list({
      repositoryId,
      limit: -1,
      offset: 0,
    });
    for (const run of runs) {
      await this.#active.get(run.id)?.abandon();
      await this.forget(run);
    }
    for (const cache of store.caches.list(repositoryId)) {
      await store.caches.remove(cache);
    }
    store.workflows.remove(repositoryId);
    store.settings.remove(repositoryId);
  }

  /** Removes a completed run, its logs and its artifacts. */
  async forget(run: RunRecord): Promise<void> {
    const { store } = this.#services;
    for (const artifact of store.artifacts.list({ runId: run.id })) {
      await store.artifacts.remove(artifact);
    }
    await this.removeLogs(run);
    store.runs.remove(run.id);
  }

  /** Removes the logs of a run. */
  async removeLogs(run: RunRecord): Promise<void> {
    const { store } = this.#services;
    for (const job of store.jobs.list(run.id)) {
      await rm(store.logDirectory(job.id), { recursive: true, force: true });
    }
  }

  /**
   * After a restart: no process of an earlier life goes on, runs that had begun are concluded as failed with the reason,
   * and runs that had not begun start over.
   */
  async restore(): Promise<void> {
    const { store } = this.#services;
    await rm(path.join(store.workDir, 'jobs'), {
      recursive: true,
      force: true,
    });
    await store.artifacts.removeExpired();
    for (const run of store.runs.unfinished()) {
      const jobs = store.jobs.list(run.id, run.runAttempt);
      const begun = jobs.filter(job => job.startedAt !== null);
      if (begun.length === 0) {
        store.jobs.removeAttempt(run.id, run.runAttempt);
        await this.start(store.runs.setStatus(run.id, 'queued'));
        continue;
      }
      jobs
        .filter(job => job.status !== 'completed')
        .forEach(job => this.#concludeLost(run, job));
      this.#conclude(run, 'failure', RESTARTED);
    }
  }

  /** A job that was waiting or running when the runner ended. */
  #concludeLost(run: RunRecord, job: JobRecord): void {
    const { store } = this.#services;
    const steps = store.jobs.steps(job);
    const last =
      steps.find(step => step.status !== 'completed') ?? steps.at(-1);
    if (last) {
      const log = new StepLog(
        store.logDirectory(job.id),
        last.number,
        new Masker(),
      );
      log.error(RESTARTED);
      log.close();
    }
    for (const step of steps.filter(each => each.status !== 'completed')) {
      store.jobs.saveStep(job.id, {
        ...step,
        status: 'completed',
        conclusion: step.startedAt ? 'cancelled' : 'skipped',
      });
    }
    store.jobs.annotate(job.id, { level: 'failure', message: RESTARTED });
    const completed = store.jobs.complete(job.id, {
      conclusion: job.startedAt ? 'failure' : 'cancelled',
    });
    this.#publisher.job(run, completed, 'completed');
  }

  /** Ends every process (call it when `isStopping()` is true); what was running is concluded by the next {@link restore}. */
  async stop(): Promise<void> {
    this.#active.forEach(controller => controller.cancel(true));
    this.#places?.clearQueue();
    await Promise.race([
      Promise.all(this.#running),
      sleep(STOP_GRACE_MS, undefined, { ref: false }),
    ]);
    await this.#publisher.settled();
  }

  #enqueue(job: () => Promise<void>): void {
    const run = async () => {
      const running = job().finally(() => this.#running.delete(running));
      this.#running.add(running);
      await running;
    };
    this.#places?.(run).catch(error =>
      this.#services.context.logger.error(`A job: ${error}`),
    );
  }

  #conclude(
    run: RunRecord,
    conclusion: Conclusion,
    message: string | null = null,
  ): void {
    const completed = this.#services.store.runs.setStatus(
      run.id,
      'completed',
      conclusion,
      message,
    );
    this.#publisher.run(completed, 'completed');
  }

  async #secretsOf(
    repository: ForgeRepository,
  ): Promise<Record<string, string>> {
    const { settings, secretBox } = this.#services.store;
    const secrets = {
      ...this.#services.organizations.secretsFor(repository),
    };
    for (const secret of settings.secrets(repository.id)) {
      secrets[secret.name] = await secretBox.open(secret.encryptedValue);
    }
    return secrets;
  }
}
