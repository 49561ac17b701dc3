// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { StepDefinition } from '../workflow/readSteps';
import { registryClientFolder } from '../actions/docker/registryClient';
import { findExecutable } from './findExecutable';
import type { JobState } from './JobState';
import { findMissingTool } from './missingTools';
import { OutputReader } from './OutputReader';
import { resolveShell } from './shells';
import type { StepLog } from './StepLog';
import type { ActionResult, StepScope } from './stepTypes';

/** What a `run:` step needs beside its definition. */
export interface ScriptRun {
  definition: StepDefinition;
  state: JobState;
  scope: StepScope;
  evaluator: ExpressionEvaluator;
  /** The step's own `env:`, shown in the log with the job's. */
  shownEnv: Record<string, string>;
  environment: Record<string, string>;
  log: StepLog;
  signal: AbortSignal;
  kill: AbortSignal;
}

/**
 * Runs a step's script in its shell.
 * @throws with GitHub's words if it does not end with 0.
 */
export async function runScript(run: ScriptRun): Promise<ActionResult> {
  const { definition, state, evaluator, environment, log } = run;
  const { workspace, temp } = state.directories;
  const script = definition.run ? evaluator.string(definition.run) : '';
  const defaults = run.scope.depth === 0 ? runDefaults(state, evaluator) : {};
  const shell = resolveShell(
    definition.shell ? evaluator.string(definition.shell) : defaults.shell,
    command => findExecutable(command, environment.PATH),
  );
  const workingDirectory = path.resolve(
    workspace,
    definition.workingDirectory
      ? evaluator.string(definition.workingDirectory)
      : (defaults.workingDirectory ?? '.'),
  );

  log.group(`Run ${firstLine(script)}`, [
    ...script
      .replace(/\n$/, '')
      .split('\n')
      .map(line => `\u001b[36;1m${line}\u001b[0m`),
    `shell: ${shell.display}`,
    ...environmentLines(run.shownEnv),
  ]);
  const tool = findMissingTool(
    script,
    command => findExecutable(command, environment.PATH),
    state.path.includes(registryClientFolder(state)),
  );
  if (tool) {
    return { skipped: tool };
  }
  const isDirectory = await stat(workingDirectory).then(
    found => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) {
    throw new Error(
      `An error occurred trying to start process '${shell.command}' with working directory '${workingDirectory}'. No such file or directory`,
    );
  }

  const file = path.join(
    state.files.writable(temp),
    `${randomUUID()}${shell.extension}`,
  );
  await writeFile(file, script.endsWith('\n') ? script : `${script}\n`, {
    mode: 0o700,
  });
  const reader = new OutputReader(state, log);
  const exitCode = await state.processes.run(shell.command, shell.args(file), {
    cwd: workingDirectory,
    env: environment,
    onLine: reader.read,
    signal: run.signal,
    kill: run.kill,
  });
  if (exitCode !== 0) {
    throw new Error(`Process completed with exit code ${exitCode}.`);
  }
  return { outputs: reader.outputs };
}

/** The `env:` block of a step's header. */
export function environmentLines(env: Record<string, string>): string[] {
  const entries = Object.entries(env);
  return entries.length > 0
    ? ['env:', ...entries.map(([name, value]) => `  ${name}: ${value}`)]
    : [];
}

/** The first line that a step without a name is called by. */
export function firstLine(script: string): string {
  return script.trim().split(/\r?\n/)[0].trim();
}

function runDefaults(
  state: JobState,
  evaluator: ExpressionEvaluator,
): { shell?: string; workingDirectory?: string } {
  const result: { shell?: string; workingDirectory?: string } = {};
  const { workflow, definition } = state.spec;
  for (const token of [workflow.defaults, definition.defaults]) {
    const value = token ? evaluator.value(token) : null;
    const run =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? value.run
        : null;
    if (typeof run === 'object' && run !== null && !Array.isArray(run)) {
      if (typeof run.shell === 'string') {
        result.shell = run.shell;
      }
      if (typeof run['working-directory'] === 'string') {
        result.workingDirectory = run['working-directory'];
      }
    }
  }
  return result;
}
