// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { LlmClient } from '../explain/ask/types';
import type { RunFacts } from '../steps/types';
import type { CompareInput } from '../evidence/compare/types';
import type { ReportFile } from '../logs/types';
import type { RunLogs } from '../logs/unpack/types';

/** What a report of a failed pipeline is made from. @public */
export interface PipelineFailure {
  incident: Omit<TriageReport['incident'], 'kind'>;
  logs: RunLogs;
  /** Of a passing run of the same workflow. */
  passingLogs?: RunLogs;
  reports?: ReportFile[];
  facts?: RunFacts;
  compare?: CompareInput;
  /** Entity reference or GitHub team. */
  owner?: string;
  environment?: 'dev' | 'staging' | 'prod';
  /** Of the default branch, or of a release. */
  isProtected?: boolean;
}

/** @public */
export interface TriageOptions {
  llm?: LlmClient;
  /** Values that must never leave: tokens of this process. */
  knownSecrets?: Record<string, string>;
  /** For the lines that are kept; 4000 unless told. */
  budgetTokens?: number;
  /** For all of it, in milliseconds; 120 s unless told. */
  timeoutMs?: number;
  signal?: AbortSignal;
}
