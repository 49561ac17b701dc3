// SPDX-License-Identifier: Apache-2.0
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import { createRedactor } from '@greenroom/triage-engine';

/** A run as it may be kept and shown: anybody names branches and workflows as they like. */
export function withoutSecrets(run: PipelineRun): PipelineRun {
  const redactor = createRedactor();
  return {
    ...run,
    workflow: redactor.redact(run.workflow),
    branch: redactor.redact(run.branch),
  };
}
