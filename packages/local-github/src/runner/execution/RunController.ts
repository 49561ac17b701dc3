// SPDX-License-Identifier: Apache-2.0
import type { Conclusion, JsonObject } from '../types';
import { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { WorkflowDefinition } from '../workflow/parseWorkflow';
import { readConcurrency } from '../workflow/readConcurrency';
import { JobGraph } from './JobGraph';
import type { RunScope } from './RunScope';

/** Takes one attempt of a run from its concurrency group to its conclusion. */
export class RunController {
  readonly #graph: JobGraph;
  #waiting = false;
  #leaveGroup: () => void = () => undefined;
  #resolve: (conclusion: Conclusion) => void = () => undefined;
  readonly finished = new Promise<Conclusion>(resolve => {
    this.#resolve = resolve;
  });
  readonly #scope: RunScope;
  readonly #workflow: WorkflowDefinition;
  readonly #inputs: JsonObject;
  readonly #onWaiting: () => void;

  constructor(
    scope: RunScope,
    workflow: WorkflowDefinition,
    inputs: JsonObject,
    onWaiting: () => void,
  ) {
    this.#scope = scope;
    this.#workflow = workflow;
    this.#inputs = inputs;
    this.#onWaiting = onWaiting;
    this.#graph = new JobGraph(scope, {
      workflow,
      inputs,
      secrets: scope.secrets,
      keyPrefix: '',
      namePrefix: '',
      depth: 0,
    });
  }

  /** Begins, or waits for the run's concurrency group. */
  start(): void {
    const { concurrency: token } = this.#workflow;
    const concurrency =
      token && readConcurrency(this.#evaluator().value(token));
    if (!concurrency) {
      this.#begin();
      return;
    }
    const name = this.#scope.groupName(concurrency.group);
    const member = {
      enter: () => {
        this.#waiting = false;
        this.#begin();
      },
      cancel: () => this.cancel(),
    };
    this.#leaveGroup = () => this.#scope.groups.leave(name, member);
    this.#waiting = true;
    this.#scope.groups.join(name, member, concurrency);
    if (this.#waiting) {
      this.#onWaiting();
    }
  }

  /** Cancels the run; with `force`, `always()` does not hold it up. */
  cancel(force = false): void {
    this.#scope.cancelled = true;
    if (this.#waiting) {
      this.#waiting = false;
      this.#finish('cancelled');
      return;
    }
    this.#graph.cancel(force);
  }

  /** Ends the run at once and waits for it. */
  async abandon(): Promise<void> {
    this.cancel(true);
    await this.finished;
  }

  #begin(): void {
    this.#graph.finished
      .then(() => {
        const result = this.#graph.summary().result ?? 'success';
        const wasCut =
          this.#scope.cancelled &&
          (result === 'skipped' || result === 'success')
            ? this.#scope.services.store.jobs
                .list(this.#scope.run.id, this.#scope.run.runAttempt)
                .some(job => job.conclusion !== 'success')
            : false;
        this.#finish(wasCut ? 'cancelled' : result);
      })
      .catch(() => this.#finish('failure'));
    this.#graph.advance();
  }

  #finish(conclusion: Conclusion): void {
    this.#leaveGroup();
    this.#resolve(conclusion);
  }

  #evaluator(): ExpressionEvaluator {
    const scope = this.#scope;
    return new ExpressionEvaluator(scope.services.language, {
      github: scope.github,
      inputs: this.#inputs,
      vars: scope.vars,
    });
  }
}
