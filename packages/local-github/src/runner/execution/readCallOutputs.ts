// SPDX-License-Identifier: Apache-2.0
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { ActionsLanguage } from '../language';
import type { WorkflowDefinition } from '../workflow/parseWorkflow';
import type { JobProgress } from './JobInstance';

/** The outputs of a called workflow: `on.workflow_call.outputs.<name>.value` over the `jobs` context. */
export function readCallOutputs(
  parser: ActionsLanguage['parser'],
  { callOutputs }: WorkflowDefinition,
  progress: Map<string, JobProgress>,
  evaluator: ExpressionEvaluator,
): Record<string, string> {
  if (!callOutputs || !parser.isMapping(callOutputs)) {
    return {};
  }
  const jobs = Object.fromEntries(
    [...progress].map(([id, { outputs, result = 'skipped' }]) => [
      id,
      { outputs, result },
    ]),
  );
  const withJobs = evaluator.with({ jobs });
  return Object.fromEntries(
    [...callOutputs].map(({ key, value }) => {
      const token = parser.isMapping(value) ? value.find('value') : undefined;
      return [key.toString(), token ? withJobs.string(token) : ''];
    }),
  );
}
