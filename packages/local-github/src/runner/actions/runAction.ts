// SPDX-License-Identifier: Apache-2.0
import { OutputReader } from '../execution/OutputReader';
import { environmentLines } from '../execution/runScript';
import {
  ActionInputs,
  type ActionResult,
  type ActionRun,
} from '../execution/stepTypes';
import { mappedActions } from './mappedActions';
import { runLocalAction } from './runLocalAction';
import { whyUnavailable } from './whyUnavailable';

/**
 * Runs what `uses:` names: an action of the repository itself, or the local equivalent of a well-known one. Any other is
 * skipped with the reason.
 */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const { definition, state, evaluator, log, environment } = run;
  const uses = definition.uses ?? '';
  const inputs = evaluator.strings(definition.with);
  log.group(`Run ${uses}`, [
    ...(Object.keys(inputs).length > 0
      ? [
          'with:',
          ...Object.entries(inputs).map(
            ([name, value]) => `  ${name}: ${value}`,
          ),
        ]
      : []),
    ...environmentLines({ ...state.env, ...run.stepEnv }),
  ]);
  if (uses.startsWith('./')) {
    return runLocalAction(run, inputs);
  }
  const name = uses.split('@')[0].toLowerCase();
  const action = mappedActions.get(name);
  if (!action) {
    return { skipped: whyUnavailable(name) };
  }
  return action({
    uses,
    inputs: new ActionInputs(inputs),
    state,
    log,
    env: environment,
    signal: run.signal,
    exec: (command, args, options = {}) =>
      state.processes.run(command, args, {
        cwd: options.cwd ?? state.directories.workspace,
        env: { ...environment, ...options.env },
        onLine: new OutputReader(state, log).read,
        signal: run.signal,
        kill: run.kill,
      }),
    capture: (command, args, onLine) =>
      state.processes.run(command, args, {
        cwd: state.directories.workspace,
        env: environment,
        onLine,
        signal: run.signal,
        kill: run.kill,
      }),
  });
}
