// SPDX-License-Identifier: Apache-2.0
import { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { JsonObject } from '../types';
import { expandStrategy } from '../workflow/expandMatrix';
import type { JobDefinition } from '../workflow/parseWorkflow';
import { combine, type JobProgress } from './JobInstance';
import { readCallOutputs } from './readCallOutputs';
import { MatrixJobs, type InstancePlan } from './MatrixJobs';
import type { GraphOptions, RunScope } from './RunScope';

/** GitHub's limit of workflows that call workflows. */
const MAX_CALL_DEPTH = 4;

/** Starts the jobs of a workflow as their `needs` allow, until all have ended. */
export class JobGraph {
  readonly #progress = new Map<string, JobProgress>();
  readonly #started = new Set<string>();
  readonly #parts = new Map<string, MatrixJobs | JobGraph>();
  #resolve: () => void = () => undefined;
  readonly finished = new Promise<void>(resolve => {
    this.#resolve = resolve;
  });
  readonly #scope: RunScope;
  readonly #options: GraphOptions;

  constructor(scope: RunScope, options: GraphOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  /** Starts whatever can start now; called again whenever a job ends. */
  advance(): void {
    let changed = true;
    while (changed) {
      changed = false;
      for (const definition of this.#options.workflow.jobs) {
        if (!this.#started.has(definition.id) && this.#isReady(definition)) {
          this.#started.add(definition.id);
          this.#start(definition);
          changed = true;
        }
      }
    }
    if (this.#progress.size === this.#options.workflow.jobs.length) {
      this.#resolve();
    }
  }

  /** Cancels what runs and waits; `force` ends `always()` steps too. */
  cancel(force: boolean): void {
    this.#parts.forEach(part => part.cancel(force));
    this.advance();
  }

  /** The graph's own result and outputs: what `needs.<caller>` shows. */
  summary(): JobProgress {
    const { parser } = this.#scope.services.language;
    return {
      result: combine([...this.#progress.values()].map(({ result }) => result)),
      outputs: readCallOutputs(
        parser,
        this.#options.workflow,
        this.#progress,
        this.#evaluator(),
      ),
      unavailable: [],
    };
  }

  #isReady(definition: JobDefinition): boolean {
    return definition.needs.every(
      need => this.#progress.get(need)?.result !== undefined,
    );
  }

  #start(definition: JobDefinition): void {
    const evaluator = this.#evaluator(definition);
    try {
      if (!evaluator.isTrue(definition.condition)) {
        this.#conclude(definition, 'skipped');
        return;
      }
      if (definition.uses !== undefined) {
        this.#call(definition, definition.uses, evaluator).catch(error =>
          this.#conclude(definition, 'failure', error.message),
        );
        return;
      }
      this.#expand(definition, evaluator);
    } catch (error) {
      this.#conclude(
        definition,
        'failure',
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  #expand(definition: JobDefinition, evaluator: ExpressionEvaluator): void {
    const strategy = expandStrategy(
      definition.strategy ? evaluator.value(definition.strategy) : null,
    );
    const plans = strategy.combinations.map((matrix, index): InstancePlan => {
      const contexts = {
        matrix,
        strategy: {
          'fail-fast': strategy.failFast,
          'job-index': index,
          'job-total': strategy.combinations.length,
          'max-parallel': strategy.maxParallel ?? strategy.combinations.length,
        },
      };
      return { ...contexts, evaluator: evaluator.with(contexts) };
    });
    const jobs = new MatrixJobs(this.#scope, this.#options, {
      definition,
      plans,
      failFast: strategy.failFast,
      maxParallel: strategy.maxParallel,
      hasMatrix: strategy.hasMatrix,
      needs: this.#needsContext(definition),
      unavailable: definition.needs.flatMap(need =>
        (this.#progress.get(need)?.unavailable ?? []).map(
          name => `needs.${need}.outputs.${name}`,
        ),
      ),
      onEnd: progress => this.#end(definition, progress),
    });
    this.#parts.set(definition.id, jobs);
    jobs.start();
  }

  /** Runs a workflow of the same repository and commit in place of the job. */
  async #call(
    definition: JobDefinition,
    uses: string,
    evaluator: ExpressionEvaluator,
  ): Promise<void> {
    if (!uses.startsWith('./.github/workflows/')) {
      throw new Error(
        `The workflow ${uses} is of another repository; the local platform calls only those of the repository itself (./.github/workflows/…)`,
      );
    }
    if (this.#options.depth >= MAX_CALL_DEPTH) {
      throw new Error(
        `Workflows call each other more than ${MAX_CALL_DEPTH} deep`,
      );
    }
    if (definition.strategy) {
      throw new Error(
        'The local platform does not call a reusable workflow with a matrix',
      );
    }
    const workflow = await this.#scope.loadWorkflow(uses.slice(2));
    if (this.#scope.cancelled) {
      this.#end(definition, {
        result: 'cancelled',
        outputs: {},
        unavailable: [],
      });
      return;
    }
    const name = definition.name
      ? evaluator.string(definition.name)
      : definition.id;
    const inputs = this.#scope.callInputs(workflow, definition, evaluator);
    const graph = new JobGraph(this.#scope, {
      workflow,
      inputs,
      secrets: this.#callSecrets(definition, evaluator),
      permissionsCap: this.#scope.permissionsOf(definition, this.#options),
      keyPrefix: `${this.#options.keyPrefix}${definition.id}/`,
      namePrefix: `${this.#options.namePrefix}${name} / `,
      depth: this.#options.depth + 1,
    });
    this.#parts.set(definition.id, graph);
    graph.advance();
    await graph.finished;
    this.#end(definition, graph.summary());
  }

  #callSecrets(
    definition: JobDefinition,
    evaluator: ExpressionEvaluator,
  ): Record<string, string> {
    const token = definition.secrets;
    if (!token) {
      return {};
    }
    // Otherwise it is the word `inherit`.
    return this.#scope.services.language.parser.isMapping(token)
      ? evaluator.strings(token)
      : this.#options.secrets;
  }

  /** Ends a job that never came to run. */
  #conclude(
    definition: JobDefinition,
    conclusion: 'skipped' | 'failure',
    message?: string,
  ): void {
    const { keyPrefix, namePrefix } = this.#options;
    this.#scope.recordWithoutRunning({
      key: `${keyPrefix}${definition.id}`,
      name: `${namePrefix}${this.#plainName(definition)}`,
      conclusion,
      message,
    });
    this.#end(definition, { result: conclusion, outputs: {}, unavailable: [] });
  }

  #plainName(definition: JobDefinition): string {
    const { parser } = this.#scope.services.language;
    return definition.name && parser.isLiteral(definition.name)
      ? definition.name.toString()
      : definition.id;
  }

  #end(definition: JobDefinition, progress: JobProgress): void {
    this.#progress.set(definition.id, progress);
    this.#parts.delete(definition.id);
    this.advance();
  }

  #needsContext(definition: JobDefinition): JsonObject {
    return Object.fromEntries(
      definition.needs.map(need => {
        const { result = 'skipped', outputs = {} } =
          this.#progress.get(need) ?? {};
        return [need, { result, outputs }];
      }),
    );
  }

  #evaluator(definition?: JobDefinition): ExpressionEvaluator {
    const results = definition
      ? this.#ancestors(definition).map(id => this.#progress.get(id)?.result)
      : [];
    const scope = this.#scope;
    return new ExpressionEvaluator(
      scope.services.language,
      {
        github: scope.github,
        vars: scope.vars,
        inputs: this.#options.inputs,
        secrets: this.#options.secrets,
        needs: definition ? this.#needsContext(definition) : {},
      },
      {
        success: () =>
          !scope.cancelled && results.every(result => result === 'success'),
        failure: () => results.includes('failure'),
        cancelled: () => scope.cancelled,
        always: () => true,
      },
    );
  }

  #ancestors(definition: JobDefinition): string[] {
    const found = new Set<string>();
    const visit = (ids: string[]) => {
      for (const id of ids.filter(each => !found.has(each))) {
        found.add(id);
        visit(
          this.#options.workflow.jobs.find(job => job.id === id)?.needs ?? [],
        );
      }
    };
    visit(definition.needs);
    return [...found];
  }
}
