// SPDX-License-Identifier: Apache-2.0
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { JsonObject, Result } from '../types';
import type { StepDefinition } from '../workflow/readSteps';
import type { JobState } from './JobState';
import type { StepLog } from './StepLog';

/** Where a step stands: directly in the job, or inside a composite action. */
export interface StepScope {
  /** The `steps` context that the step reads and writes. */
  steps: JsonObject;
  /** Contexts that a composite action sees instead of the job's. */
  contexts: { [name: string]: JsonObject };
  /** What `success()` and `failure()` look at. */
  status(): Result;
  /** Called with `failure` when a step failed and was not allowed to. */
  fail(): void;
  /** Folder of the composite action, for `github.action_path`. */
  actionPath?: string;
  depth: number;
}

/** How a step ended; `conclusion` differs from `outcome` under `continue-on-error`. */
export interface StepResult {
  outcome: Result;
  conclusion: Result;
}

/** What a `uses:` step needs. */
export interface ActionRun {
  definition: StepDefinition;
  state: JobState;
  scope: StepScope;
  evaluator: ExpressionEvaluator;
  stepEnv: Record<string, string>;
  environment: Record<string, string>;
  log: StepLog;
  signal: AbortSignal;
  kill: AbortSignal;
  /** Runs the steps of a composite action. */
  steps: {
    run(
      definition: StepDefinition,
      scope: StepScope,
      log: StepLog,
    ): Promise<StepResult>;
  };
}

/** What an action is called with. */
export interface ActionInvocation {
  /** As the file writes it, `actions/checkout@v4`. */
  uses: string;
  /** The step's `with:`; see {@link ActionInputs}. */
  inputs: ActionInputs;
  state: JobState;
  log: StepLog;
  env: Record<string, string>;
  /** Aborts when the step is cancelled or its time is over. */
  signal: AbortSignal;
  /** Runs a command whose output goes to the log; answers its exit code. */
  exec(
    command: string,
    args: string[],
    options?: { cwd?: string; env?: Record<string, string> },
  ): Promise<number>;
  /** Runs a command whose output is read instead of logged. */
  capture(
    command: string,
    args: string[],
    onLine: (line: string) => void,
  ): Promise<number>;
}

/** What an action gives back; an action fails by throwing, or by `failed`. */
export interface ActionResult {
  outputs?: Record<string, string>;
  /** Set if the action cannot do its work here: the reason, in plain words. */
  skipped?: string;
  /** Set if it failed and has said itself why. */
  failed?: boolean;
  /** Done after the last step of the job. */
  post?(log: StepLog): Promise<void>;
}

/** A local equivalent of a well-known action. */
export type MappedAction = (
  invocation: ActionInvocation,
) => Promise<ActionResult>;

/** The `with:` of a step, read as @actions/core reads it. */
export class ActionInputs {
  readonly #values: Map<string, string>;

  constructor(values: Record<string, string>) {
    this.#values = new Map(
      Object.entries(values).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
  }

  /** The trimmed value; the default if it is absent or empty. */
  get(name: string, fallback = ''): string {
    return this.#values.get(name.toLowerCase())?.trim() || fallback;
  }

  required(name: string): string {
    const value = this.get(name);
    if (value === '') {
      throw new Error(`Input required and not supplied: ${name}`);
    }
    return value;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.get(name);
    if (value === '') {
      return fallback;
    }
    if (/^(true|True|TRUE)$/.test(value)) {
      return true;
    }
    if (/^(false|False|FALSE)$/.test(value)) {
      return false;
    }
    throw new Error(
      `Input does not meet YAML 1.2 "Core Schema" specification: ${name}. Support boolean input list: \`true | True | TRUE | false | False | FALSE\``,
    );
  }

  integer(name: string, fallback: number): number {
    const value = this.get(name);
    if (value === '') {
      return fallback;
    }
    if (!/^\d+$/.test(value)) {
      throw new Error(`Input ${name} is not a whole number: ${value}`);
    }
    return Number(value);
  }

  /** The inputs that are not empty of a family, without the beginning of their names. */
  startingWith(prefix: string): [name: string, value: string][] {
    return [...this.#values]
      .filter(([name, value]) => name.startsWith(prefix) && value.trim() !== '')
      .map(([name, value]) => [name.slice(prefix.length), value.trim()]);
  }

  lines(name: string): string[] {
    return this.get(name)
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '');
  }
}
