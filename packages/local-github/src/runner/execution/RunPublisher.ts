// SPDX-License-Identifier: Apache-2.0
import type { ForgeContext, ForgeRepository } from '../../forge/types';
import type { ActionsSerializer } from '../serialize/ActionsSerializer';
import type { JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';

/** Tells forge, and through it every webhook, what runs and jobs do; in the order in which it happened. */
export class RunPublisher {
  #last: Promise<void> = Promise.resolve();
  readonly #context: ForgeContext;
  readonly #serializer: ActionsSerializer;

  constructor(context: ForgeContext, serializer: ActionsSerializer) {
    this.#context = context;
    this.#serializer = serializer;
  }

  run(run: RunRecord, action: 'requested' | 'in_progress' | 'completed'): void {
    this.#publish(run, 'workflow_run', action, async repository => ({
      workflow_run: await this.#serializer.run(repository, run),
      workflow: this.#serializer.workflowOf(repository, run),
    }));
  }

  job(
    run: RunRecord,
    job: JobRecord,
    action: 'queued' | 'in_progress' | 'completed',
  ): void {
    const steps = this.#serializer.job(run, job);
    this.#publish(run, 'workflow_job', action, async () => ({
      workflow_job: steps,
    }));
  }

  /** Resolves when everything published so far has been handed out. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #publish(
    run: RunRecord,
    name: string,
    action: string,
    body: (repository: ForgeRepository) => Promise<Record<string, unknown>>,
  ): void {
    this.#last = this.#last
      .then(async () => {
        const repository = this.#context.repositories.findById(
          run.repositoryId,
        );
        if (!repository) {
          return;
        }
        const payload = {
          action,
          ...(await body(repository)),
          repository: this.#context.serialize.repository(repository),
          sender: this.#context.serialize.user(run.triggeringActor),
        };
        this.#context.events.emit('event', {
          name,
          action,
          repository,
          sender: run.triggeringActor,
          payload,
        });
      })
      .catch(error => {
        this.#context.logger.error(
          `The event ${name} of run ${run.id} was not published: ${error}`,
        );
      });
  }
}
