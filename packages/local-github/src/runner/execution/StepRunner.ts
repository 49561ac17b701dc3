// SPDX-License-Identifier: Apache-2.0
import { runAction } from '../actions/runAction';
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { JsonObject, Result } from '../types';
import type { StepDefinition } from '../workflow/readSteps';
import { FileCommands } from './FileCommands';
import type { JobState } from './JobState';
import { findMissingValue } from './missingValues';
import { firstLine, runScript } from './runScript';
import { stepEnvironment } from './stepEnvironment';
import type { StepLog } from './StepLog';
import type { ActionResult, StepResult, StepScope } from './stepTypes';

/** A timer that is set to more goes off at once. */
export const maxTimerMs = 2 ** 31 - 1;

/** Runs steps one after the other: conditions, environment, time limit, outputs. */
export class StepRunner {
  readonly #state: JobState;
  /** Aborts when the job is cancelled or out of time. */
  readonly #cancelled: AbortSignal;
  /** Aborts some minutes later, when even `always()` has to end. */
  readonly #killed: AbortSignal;

  constructor(state: JobState, cancelled: AbortSignal, killed: AbortSignal) {
    this.#state = state;
    this.#cancelled = cancelled;
    this.#killed = killed;
  }

  /** Runs one step; what it gave is in `scope.steps`. */
  async run(
    definition: StepDefinition,
    scope: StepScope,
    log: StepLog,
  ): Promise<StepResult> {
    let outcome: Result;
    let outputs: Record<string, string> = {};
    let evaluator = this.#evaluator(scope, {});
    try {
      const env = evaluator.strings(definition.env);
      evaluator = this.#evaluator(scope, env);
      if (!evaluator.isTrue(definition.condition)) {
        outcome = 'skipped';
      } else {
        ({ outcome, outputs } = await this.#execute(
          definition,
          scope,
          env,
          evaluator,
          log,
        ));
      }
    } catch (error) {
      outcome = this.#report(error, log);
    }
    const conclusion =
      outcome === 'failure' && this.#mayFail(definition, evaluator, log)
        ? 'success'
        : outcome;
    scope.steps[definition.id] = { outcome, conclusion, outputs };
    if (conclusion === 'failure') {
      scope.fail();
    }
    return { outcome, conclusion };
  }

  /** The name that GitHub shows for a step. */
  nameOf(definition: StepDefinition, scope: StepScope): string {
    const token = definition.name ?? definition.run;
    const evaluator = this.#evaluator(scope, {});
    try {
      if (definition.name) {
        return this.#state.masker.mask(evaluator.string(definition.name));
      }
      return `Run ${
        definition.uses ?? firstLine(token ? evaluator.string(token) : '')
      }`;
    } catch {
      return `Run ${definition.uses ?? firstLine(String(token))}`;
    }
  }

  async #execute(
    definition: StepDefinition,
    scope: StepScope,
    env: Record<string, string>,
    evaluator: ExpressionEvaluator,
    log: StepLog,
  ): Promise<{ outcome: Result; outputs: Record<string, string> }> {
    const missing =
      definition.unsupported ?? this.#missing(definition, evaluator);
    if (missing) {
      return this.#skip(definition, missing, log);
    }
    const state = this.#state;
    const files = await FileCommands.create(state);
    const github = this.#github(scope, definition);
    const environment = stepEnvironment(state, github, env, files.files);
    const limit = this.#limit(definition, scope, evaluator, log);
    let result: ActionResult;
    try {
      const common = {
        definition,
        state,
        scope,
        evaluator,
        environment,
        log,
        signal: limit.signal,
        kill: this.#killed,
      };
      result = definition.uses
        ? await runAction({ ...common, stepEnv: env, steps: this })
        : await runScript({ ...common, shownEnv: { ...state.env, ...env } });
    } catch (error) {
      try {
        files.apply(state);
      } catch (problem) {
        log.error(problem instanceof Error ? problem.message : String(problem));
      }
      if (limit.timedOut()) {
        log.error(
          `The action '${this.nameOf(definition, scope)}' has timed out after ${limit.minutes} minutes.`,
        );
        return { outcome: 'failure', outputs: {} };
      }
      if (limit.signal.aborted) {
        log.error('The operation was canceled.');
        return { outcome: 'cancelled', outputs: {} };
      }
      throw error;
    } finally {
      limit.end();
    }
    if (result.skipped) {
      return this.#skip(definition, result.skipped, log);
    }
    const { post } = result;
    if (post) {
      const name = `Post ${this.nameOf(definition, scope)}`;
      state.posts.unshift({ name, run: step => post(step.log) });
    }
    return {
      outcome: result.failed ? 'failure' : 'success',
      outputs: { ...result.outputs, ...files.apply(state) },
    };
  }

  #skip(definition: StepDefinition, reason: string, log: StepLog) {
    this.#state.skippedSteps.set(definition.id.toLowerCase(), reason);
    log.write(`Skipped: ${reason}`);
    return { outcome: 'skipped' as const, outputs: {} };
  }

  /** Cancelled with the job unless its condition still holds, or when its own time is over. */
  #limit(
    definition: StepDefinition,
    scope: StepScope,
    evaluator: ExpressionEvaluator,
    log: StepLog,
  ) {
    const controller = new AbortController();
    let timedOut = false;
    const onCancel = () => {
      try {
        if (!this.#evaluator(scope, {}).isTrue(definition.condition)) {
          controller.abort();
        }
      } catch (error) {
        log.error(error instanceof Error ? error.message : String(error));
        controller.abort();
      }
    };
    const onKill = () => controller.abort();
    this.#cancelled.addEventListener('abort', onCancel);
    this.#killed.addEventListener('abort', onKill);
    const minutes = definition.timeoutMinutes
      ? Number(evaluator.value(definition.timeoutMinutes))
      : 0;
    const timer =
      minutes > 0
        ? setTimeout(
            () => {
              timedOut = true;
              controller.abort();
            },
            Math.min(minutes * 60_000, maxTimerMs),
          )
        : undefined;
    return {
      signal: controller.signal,
      minutes,
      timedOut: () => timedOut,
      end: () => {
        clearTimeout(timer);
        this.#cancelled.removeEventListener('abort', onCancel);
        this.#killed.removeEventListener('abort', onKill);
      },
    };
  }

  #missing(
    definition: StepDefinition,
    evaluator: ExpressionEvaluator,
  ): string | undefined {
    const { spec, skippedSteps } = this.#state;
    const secrets = new Set(
      Object.keys(spec.secrets).map(name => name.toUpperCase()),
    );
    const unavailable = new Set(
      spec.unavailable.map(item => item.toLowerCase()),
    );
    // An action of the repository says itself which of its inputs it cannot do without.
    const inputs = definition.uses?.startsWith('./')
      ? undefined
      : definition.with;
    return findMissingValue(
      this.#state.services.language,
      [definition.run, inputs, definition.env],
      evaluator,
      {
        hasSecret: name =>
          secrets.has(name.toUpperCase()) ||
          name.toUpperCase() === 'GITHUB_TOKEN',
        skippedStep: id => skippedSteps.get(id.toLowerCase()),
        isUnavailable: path => unavailable.has(path.toLowerCase()),
      },
    );
  }

  #evaluator(
    scope: StepScope,
    env: Record<string, string>,
  ): ExpressionEvaluator {
    const state = this.#state;
    return state.evaluator(
      {
        github: this.#github(scope),
        steps: scope.steps,
        env: { ...state.env, ...env },
        ...scope.contexts,
      },
      () => scope.status(),
    );
  }

  #github(scope: StepScope, definition?: StepDefinition): JsonObject {
    return {
      ...this.#state.spec.contexts.github,
      token: this.#state.token,
      action: definition?.id ?? '',
      ...(scope.actionPath && { action_path: scope.actionPath }),
    };
  }

  #mayFail(
    definition: StepDefinition,
    evaluator: ExpressionEvaluator,
    log: StepLog,
  ): boolean {
    if (!definition.continueOnError) {
      return false;
    }
    try {
      return evaluator.value(definition.continueOnError) === true;
    } catch (error) {
      log.error(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #report(error: unknown, log: StepLog): Result {
    const message = error instanceof Error ? error.message : String(error);
    log.error(message);
    this.#state.annotate({ level: 'failure', message });
    return 'failure';
  }
}
