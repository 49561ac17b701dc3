// SPDX-License-Identifier: Apache-2.0
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { Step } from '@actions/workflow-parser/model/workflow-template';
import type { ActionsLanguage } from '../language';

/** A step as its file says it, nothing evaluated yet. */
export interface StepDefinition {
  /** The `id:`, or one that starts with `__`. */
  id: string;
  name?: TemplateToken;
  /** Always with a status function. */
  condition: string;
  continueOnError?: TemplateToken;
  timeoutMinutes?: TemplateToken;
  env?: TemplateToken;
  run?: TemplateToken;
  shell?: TemplateToken;
  workingDirectory?: TemplateToken;
  uses?: string;
  with?: TemplateToken;
  /** Why this kind of step cannot run here. */
  unsupported?: string;
}

/** Joins GitHub's model of the steps with the keys that the model leaves out. */
export function readSteps(
  language: ActionsLanguage,
  steps: Step[],
  token: TemplateToken | undefined,
): StepDefinition[] {
  const { parser } = language;
  const items = token && parser.isSequence(token) ? [...token] : [];
  return steps.map((step, index) => {
    const item = items[index];
    const find = (key: string) =>
      item && parser.isMapping(item) ? item.find(key) : undefined;
    const uses = 'uses' in step ? step.uses.value : undefined;
    const run = 'run' in step ? step.run : undefined;
    const background = 'background' in step && step.background === true;
    return {
      id: step.id,
      name: step.name,
      condition: step.if?.expression ?? 'success()',
      continueOnError: find('continue-on-error'),
      timeoutMinutes: find('timeout-minutes'),
      env: find('env'),
      run,
      shell: find('shell'),
      workingDirectory: find('working-directory'),
      uses,
      with: find('with'),
      unsupported:
        background || !(uses || run)
          ? 'background steps are not run by the local platform'
          : undefined,
    };
  });
}
