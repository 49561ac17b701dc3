// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ActionTemplate } from '@actions/workflow-parser/actions/action-template';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { JobFiles } from '../execution/isolation/JobFiles';
import { resolveInside } from '../execution/resolveInside';
import type {
  ActionResult,
  ActionRun,
  StepScope,
} from '../execution/stepTypes';
import type { ActionsLanguage } from '../language';
import type { Result } from '../types';
import { readSteps } from '../workflow/readSteps';
import { unfoldScalars } from '../workflow/unfoldScalars';
import { runNodeAction } from './runNodeAction';

/** GitHub's limit of composite actions inside each other. */
const MAX_DEPTH = 10;

/** Runs a composite or JavaScript action of the repository itself: `uses: ./.github/actions/x`. */
export async function runLocalAction(
  run: ActionRun,
  given: Record<string, string>,
): Promise<ActionResult> {
  const { definition, state, scope, log } = run;
  const uses = definition.uses ?? '';
  if (scope.depth >= MAX_DEPTH) {
    throw new Error(`Composite action depth exceeded max depth ${MAX_DEPTH}`);
  }
  const directory = resolveInside(state.directories.workspace, uses);
  const { language } = state.services;
  const { template, steps: stepsToken } = readActionFile(
    language,
    directory,
    state.files,
  );
  if (template.runs.using === 'docker') {
    return {
      skipped: `${uses} needs a Docker engine, which the local platform does not have`,
    };
  }

  const inputs: Record<string, string> = {};
  for (const input of template.inputs ?? []) {
    const value = Object.entries(given).find(
      ([name]) => name.toLowerCase() === input.id.toLowerCase(),
    )?.[1];
    if (value === undefined && input.required && !input.default) {
      log.warning(`Input required and not supplied: ${input.id}`);
    }
    inputs[input.id] =
      value ?? (input.default ? run.evaluator.string(input.default) : '');
  }
  if (template.runs.using !== 'composite') {
    return runNodeAction(run, {
      uses,
      directory,
      runs: template.runs,
      inputs: { ...given, ...inputs },
    });
  }

  let failed = false;
  const inner: StepScope = {
    steps: {},
    contexts: { inputs },
    actionPath: directory,
    depth: scope.depth + 1,
    status: (): Result => {
      if (state.status === 'cancelled') {
        return 'cancelled';
      }
      return failed ? 'failure' : 'success';
    },
    fail: () => {
      failed = true;
    },
  };
  const before = { ...state.env };
  Object.assign(state.env, run.stepEnv);
  let cancelled = false;
  try {
    for (const step of readSteps(language, template.runs.steps, stepsToken)) {
      const { outcome } = await run.steps.run(step, inner, log);
      cancelled ||= outcome === 'cancelled';
    }
  } finally {
    for (const name of Object.keys(run.stepEnv)) {
      if (state.env[name] === run.stepEnv[name]) {
        delete state.env[name];
        if (before[name] !== undefined) {
          state.env[name] = before[name];
        }
      }
    }
  }
  if (failed || cancelled) {
    throw new Error(`A step of ${uses} failed`);
  }
  const evaluator = state.evaluator({ steps: inner.steps, inputs });
  return {
    outputs: Object.fromEntries(
      (template.outputs ?? []).map(output => [
        output.id,
        output.value ? evaluator.string(output.value) : '',
      ]),
    ),
  };
}

function readActionFile(
  language: ActionsLanguage,
  directory: string,
  files: JobFiles,
): { template: ActionTemplate; steps?: TemplateToken } {
  const { parser, actionParser } = language;
  let content: string | undefined;
  for (const name of ['action.yml', 'action.yaml']) {
    const file = path.join(directory, name);
    content ??= existsSync(file)
      ? files.read(file).toString('utf8')
      : undefined;
  }
  if (content === undefined) {
    throw new Error(
      `Can't find 'action.yml' or 'action.yaml' under '${directory}'. Did you forget to run actions/checkout before running your local action?`,
    );
  }
  const { context, value } = actionParser.parseAction(
    { name: 'action.yml', content: unfoldScalars(content) },
    new parser.NoOperationTraceWriter(),
  );
  const template = value && actionParser.convertActionTemplate(context, value);
  const errors = context.errors.getErrors();
  if (!value || !template || errors.length > 0) {
    throw new Error(
      `The action is not valid: ${errors.map(error => error.message).join('; ')}`,
    );
  }
  const runs = parser.isMapping(value) ? value.find('runs') : undefined;
  return {
    template,
    steps: runs && parser.isMapping(runs) ? runs.find('steps') : undefined,
  };
}
