// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import type { ActionRunsNode } from '@actions/workflow-parser/actions/action-template';
import { FileCommands } from '../execution/FileCommands';
import { findExecutable } from '../execution/findExecutable';
import { OutputReader } from '../execution/OutputReader';
import { readKeyValueFile } from '../execution/readCommandFiles';
import { resolveInside } from '../execution/resolveInside';
import type { StepLog } from '../execution/StepLog';
import type { ActionResult, ActionRun } from '../execution/stepTypes';

/** What `action.yml` says, and what its inputs have become. */
export interface NodeAction {
  uses: string;
  directory: string;
  runs: ActionRunsNode;
  inputs: Record<string, string>;
}

/**
 * Runs a JavaScript action of the repository itself, as a step's script is run: kept apart, with the step's environment,
 * inputs as `INPUT_*`, and the files of `GITHUB_OUTPUT` and the others. `pre:` is not run, as GitHub does not for local actions.
 */
export async function runNodeAction(
  run: ActionRun,
  { uses, directory, runs, inputs }: NodeAction,
): Promise<ActionResult> {
  const { state, log, environment } = run;
  const node = findNode(run);
  if (!node) {
    return {
      skipped: `${uses} needs Node.js, which a job cannot see on this machine`,
    };
  }
  if (runs.pre) {
    log.warning('`pre` execution is not supported for local action');
  }
  const inputEnv = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
  const execute = async (
    script: string,
    env: Record<string, string>,
    to: StepLog,
  ) => {
    const file = resolveInside(directory, script);
    if (!existsSync(file)) {
      throw new Error(`File not found: '${file}'`);
    }
    const reader = new OutputReader(state, to);
    const exitCode = await state.processes.run(node, [file], {
      cwd: state.directories.workspace,
      env,
      onLine: reader.read,
      signal: run.signal,
      kill: run.kill,
    });
    return { exitCode, outputs: reader.outputs };
  };

  const env = { ...environment, ...inputEnv };
  const { exitCode, outputs } = await execute(runs.main, env, log);
  run.signal.throwIfAborted();
  return {
    outputs,
    // The action has said itself why.
    failed: exitCode !== 0,
    ...(runs.post && {
      post: afterJob(run, runs.post, { env, execute }),
    }),
  };
}

/** GitHub's runner brings a Node.js of its own; here it is the platform's, or else the one on the job's PATH. */
function findNode({ state, environment }: ActionRun): string | undefined {
  return [
    process.execPath,
    findExecutable('node', environment.PATH ?? ''),
  ].find(file => file !== undefined && state.files.locate(file) === file);
}

/** The action's `post:`, with what its main part left in `GITHUB_STATE`. */
function afterJob(
  run: ActionRun,
  script: string,
  {
    env,
    execute,
  }: {
    env: Record<string, string>;
    execute(
      script: string,
      env: Record<string, string>,
      log: StepLog,
    ): Promise<{ exitCode: number }>;
  },
): (log: StepLog) => Promise<void> {
  const { state } = run;
  const saved = readKeyValueFile(state.files, env.GITHUB_STATE).map(
    ([name, value]) => [`STATE_${name}`, value],
  );
  return async log => {
    const files = await FileCommands.create(state);
    const { exitCode } = await execute(
      script,
      { ...env, ...Object.fromEntries(saved), ...files.files },
      log,
    );
    files.apply(state);
    if (exitCode !== 0) {
      throw new Error(`Process completed with exit code ${exitCode}.`);
    }
  };
}
