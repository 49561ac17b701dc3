// SPDX-License-Identifier: Apache-2.0
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { JobEnd } from '../store/JobStore';
import type { JsonObject, JsonValue } from '../types';
import type { JobDefinition } from '../workflow/parseWorkflow';
import { readConcurrency } from '../workflow/readConcurrency';
import { summarize, type JobInstance, type JobProgress } from './JobInstance';
import { JobRunner } from './JobRunner';
import type { GraphOptions, RunScope } from './RunScope';

/** One combination, before it is a job. */
export interface InstancePlan {
  matrix: JsonObject;
  strategy: JsonObject;
  evaluator: ExpressionEvaluator;
}

interface MatrixOptions {
  definition: JobDefinition;
  plans: InstancePlan[];
  failFast: boolean;
  maxParallel?: number;
  hasMatrix: boolean;
  needs: JsonObject;
  unavailable: string[];
  onEnd(progress: JobProgress): void;
}

/** The jobs of one definition: one, or as many as its matrix makes. */
export class MatrixJobs {
  readonly #instances: { instance: JobInstance; plan: InstancePlan }[] = [];
  #next = 0;
  #running = 0;
  #ended = false;
  readonly #scope: RunScope;
  readonly #graph: GraphOptions;
  readonly #options: MatrixOptions;

  constructor(scope: RunScope, graph: GraphOptions, options: MatrixOptions) {
    this.#scope = scope;
    this.#graph = graph;
    this.#options = options;
  }

  start(): void {
    const { definition, plans } = this.#options;
    const { keyPrefix, namePrefix } = this.#graph;
    const key = `${keyPrefix}${definition.id}`;
    for (const plan of plans) {
      const name = `${namePrefix}${this.#nameOf(plan)}`;
      const taken = this.#scope.takeOver(key, name);
      const record =
        taken ?? this.#scope.createJob(key, name, this.#labels(plan.evaluator));
      this.#instances.push({
        plan,
        instance: {
          record,
          matrix: plan.matrix,
          strategy: plan.strategy,
          continueOnError:
            definition.continueOnError !== undefined &&
            plan.evaluator.value(definition.continueOnError) === true,
          done: taken !== undefined,
        },
      });
    }
    this.#fill();
    this.#checkEnd();
  }

  cancel(force: boolean): void {
    for (const { instance } of this.#instances) {
      this.#cancelInstance(instance, force);
    }
    this.#checkEnd();
  }

  /** Starts jobs up to `max-parallel`. */
  #fill(): void {
    const limit = this.#options.maxParallel ?? Infinity;
    while (this.#running < limit && this.#next < this.#instances.length) {
      const { instance, plan } = this.#instances[this.#next];
      this.#next += 1;
      if (!instance.done) {
        this.#running += 1;
        this.#launch(instance, plan);
      }
    }
  }

  #launch(instance: JobInstance, plan: InstancePlan): void {
    const token = this.#options.definition.concurrency;
    let concurrency: ReturnType<typeof readConcurrency>;
    try {
      concurrency = token && readConcurrency(plan.evaluator.value(token));
    } catch (error) {
      this.#complete(instance, { conclusion: 'failure' }, messageOf(error));
      return;
    }
    if (!concurrency) {
      this.#enqueue(instance, plan);
      return;
    }
    const { groups } = this.#scope;
    const name = this.#scope.groupName(concurrency.group);
    let entered = false;
    const member = {
      enter: () => {
        entered = true;
        this.#scope.setJobStatus(instance.record, 'queued');
        this.#enqueue(instance, plan);
      },
      cancel: () => {
        this.#cancelInstance(instance, false);
        this.#checkEnd();
      },
    };
    this.#scope.onJobEnd(instance.record.id, () => groups.leave(name, member));
    groups.join(name, member, concurrency);
    if (!entered) {
      this.#scope.setJobStatus(instance.record, 'pending');
      instance.withdraw = () => !entered;
    }
  }

  #enqueue(instance: JobInstance, plan: InstancePlan): void {
    if (instance.done) {
      return;
    }
    instance.withdraw = () => true;
    this.#scope.enqueue(async () => {
      // What was withdrawn while it waited gives its place back.
      if (!instance.done) {
        instance.withdraw = undefined;
        await this.#execute(instance, plan);
      }
    });
  }

  async #execute(instance: JobInstance, plan: InstancePlan): Promise<void> {
    const scope = this.#scope;
    const options = this.#options;
    const graph = this.#graph;
    let end: JobEnd = { conclusion: 'failure' };
    let message: string | undefined;
    try {
      const started = scope.startJob(instance.record);
      instance.record = started;
      const runner = new JobRunner(
        scope.services,
        {
          job: started,
          run: scope.run,
          repository: scope.repository,
          workflow: graph.workflow,
          definition: options.definition,
          permissions: scope.permissionsOf(options.definition, graph),
          secrets: graph.secrets,
          contexts: {
            github: { ...scope.github, job: options.definition.id },
            inputs: graph.inputs,
            vars: scope.vars,
            needs: options.needs,
            matrix: plan.matrix,
            strategy: plan.strategy,
          },
          unavailable: options.unavailable,
        },
        { onProgress: () => scope.touch() },
      );
      instance.runner = runner;
      end = await runner.run();
    } catch (error) {
      message = messageOf(error);
    }
    instance.runner = undefined;
    this.#complete(instance, end, message);
  }

  #complete(instance: JobInstance, end: JobEnd, message?: string): void {
    if (instance.done) {
      return;
    }
    instance.done = true;
    instance.record = this.#scope.completeJob(instance.record, end, message);
    this.#running -= 1;
    if (
      end.conclusion === 'failure' &&
      this.#options.failFast &&
      !instance.continueOnError
    ) {
      this.#instances.forEach(other =>
        this.#cancelInstance(other.instance, false),
      );
    }
    this.#fill();
    this.#checkEnd();
  }

  #cancelInstance(instance: JobInstance, force: boolean): void {
    if (instance.done) {
      return;
    }
    if (instance.runner) {
      if (force) {
        instance.runner.terminate();
      } else {
        instance.runner.abort();
      }
      return;
    }
    const waitsForPlace = !this.#instances
      .slice(0, this.#next)
      .some(entry => entry.instance === instance);
    if (waitsForPlace || instance.withdraw?.()) {
      instance.done = true;
      instance.record = this.#scope.completeJob(instance.record, {
        conclusion: 'cancelled',
      });
      if (!waitsForPlace) {
        this.#running -= 1;
      }
    }
  }

  #checkEnd(): void {
    if (
      !this.#ended &&
      this.#instances.every(({ instance }) => instance.done)
    ) {
      this.#ended = true;
      this.#options.onEnd(
        summarize(this.#instances.map(({ instance }) => instance)),
      );
    }
  }

  /** `test (3.12, ubuntu)`, unless the name itself says which. */
  #nameOf(plan: InstancePlan): string {
    const { definition, hasMatrix } = this.#options;
    if (definition.name) {
      return plan.evaluator.string(definition.name);
    }
    const values = Object.values(plan.matrix).flatMap(scalars);
    return hasMatrix && values.length > 0
      ? `${definition.id} (${values.join(', ')})`
      : definition.id;
  }

  #labels(evaluator: ExpressionEvaluator): string[] {
    const { runsOn } = this.#options.definition;
    const value = runsOn ? evaluator.value(runsOn) : [];
    const labels =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value.labels ?? value.group ?? [])
        : value;
    return (Array.isArray(labels) ? labels : [labels]).map(String);
  }
}

function scalars(value: JsonValue): string[] {
  if (value === null) {
    return [];
  }
  if (typeof value === 'object') {
    return Object.values(value).flatMap(scalars);
  }
  return [String(value)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
