import { createHash } from 'node:crypto';
import type { ForgeRepository } from '../../forge/types';
import type { RunRecord } from '../store/RunStore';
import type { Conclusion } from '../types';
import { parseWorkflow } from '../workflow/parseWorkflow';
import { ConcurrencyGroups } from './ConcurrencyGroups';
import { JobQueue } from './JobQueue';
import type { RunnerServices } from './JobState';
import { killTracked } from './processes';
import { RunController } from './RunController';
import type { RunPublisher } from './RunPublisher';
import { RunScope } from './RunScope';

/** Holds the runs that are not completed: starts, cancels, re-runs and, after a restart, concludes them. */
export class RunEngine {
  private readonly queue: JobQueue;
  private readonly groups = new ConcurrencyGroups();
  private readonly active = new Map<number, RunController>();
  private readonly trackingPrefix: string;
  private stopping = false;

  constructor(
    private readonly services: RunnerServices,
    private readonly publisher: RunPublisher,
    maxJobs: number,
  ) {
    this.queue = new JobQueue(maxJobs);
    // Two runners on one machine must not kill each other's processes.
    const owner = createHash('sha256')
      .update(services.store.workDir)
      .digest('hex')
      .slice(0, 16);
    this.trackingPrefix = `greenroom_${owner}_`;
  }

  /** Starts a run's attempt. */
  async start(run: RunRecord): Promise<void> {
    const { context, store, language } = this.services;
    const repository = context.repositories.findById(run.repositoryId);
    if (!repository || this.stopping) {
      return;
    }
    this.publisher.run(run, 'requested');
    try {
      const parsed = await parseWorkflow(language, run.path, run.definition);
      if (!parsed.workflow) {
        this.conclude(run, 'startup_failure', parsed.errors.join('\n'));
        return;
      }
      const scope = new RunScope(
        this.services,
        this.queue,
        this.groups,
        this.publisher,
        repository,
        run,
        await this.secretsOf(repository),
        this.trackingPrefix,
      );
      const controller = new RunController(
        scope,
        parsed.workflow,
        run.inputs,
        () => store.runs.setStatus(run.id, 'pending'),
      );
      this.active.set(run.id, controller);
      controller.finished
        .then(conclusion => {
          this.active.delete(run.id);
          if (!this.stopping) {
            this.conclude(scope.run, conclusion);
          }
        })
        .catch(error => context.logger.error(`Run ${run.id}: ${error}`));
      controller.start();
    } catch (error) {
      this.active.delete(run.id);
      this.conclude(
        run,
        'startup_failure',
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  /** Cancels a run; false if it is completed already. */
  cancel(run: RunRecord, force: boolean): boolean {
    const controller = this.active.get(run.id);
    controller?.cancel(force);
    return controller !== undefined;
  }

  /** Runs a completed run again: all of it, or what had not succeeded. */
  async rerun(
    run: RunRecord,
    actor: string,
    onlyFailed: boolean,
  ): Promise<RunRecord> {
    const next = this.services.store.runs.startAttempt(
      run.id,
      actor,
      onlyFailed,
    );
    await this.start(next);
    return next;
  }

  /**
   * After a restart: no process of an earlier life goes on, runs that had begun are concluded as failed with the reason,
   * and runs that had not begun start over.
   */
  async restore(): Promise<void> {
    killTracked(id => id.startsWith(this.trackingPrefix));
    const { store } = this.services;
    for (const run of store.runs.unfinished()) {
      const jobs = store.jobs.list(run.id, run.runAttempt);
      const begun = jobs.filter(job => job.startedAt !== null);
      if (begun.length === 0) {
        store.jobs.removeAttempt(run.id, run.runAttempt);
        await this.start(store.runs.setStatus(run.id, 'queued'));
        continue;
      }
      for (const job of jobs.filter(each => each.status !== 'completed')) {
        for (const step of store.jobs.steps(job)) {
          if (step.status !== 'completed') {
            store.jobs.saveStep(job.id, {
              ...step,
              status: 'completed',
              conclusion: 'cancelled',
            });
          }
        }
        store.jobs.annotate(job.id, {
          level: 'failure',
          message: 'The runner was restarted',
        });
        const started = job.startedAt !== null;
        const completed = store.jobs.complete(job.id, {
          conclusion: started ? 'failure' : 'cancelled',
        });
        this.publisher.job(run, completed, 'completed');
      }
      this.conclude(run, 'failure', 'The runner was restarted');
    }
  }

  /** Ends every process; what was running is concluded by the next {@link restore}. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.active.forEach(controller => controller.cancel(true));
    killTracked(id => id.startsWith(this.trackingPrefix));
    await this.publisher.settled();
  }

  private conclude(
    run: RunRecord,
    conclusion: Conclusion,
    message: string | null = null,
  ): void {
    const completed = this.services.store.runs.setStatus(
      run.id,
      'completed',
      conclusion,
      message,
    );
    this.publisher.run(completed, 'completed');
  }

  private async secretsOf(
    repository: ForgeRepository,
  ): Promise<Record<string, string>> {
    const { settings, secretBox } = this.services.store;
    const secrets: Record<string, string> = {};
    for (const secret of settings.secrets(repository.id)) {
      secrets[secret.name] = await secretBox.open(secret.encryptedValue);
    }
    return secrets;
  }
}
