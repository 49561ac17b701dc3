// SPDX-License-Identifier: Apache-2.0
import type {
  Change,
  Evidence,
  FailureType,
  Finding,
  Suspect,
} from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';

/** A run as it can be compared. @public */
export interface RunSnapshot {
  commit?: string;
  /** Path and text of workflow and lock files. */
  files?: Record<string, string>;
  /** Seconds by job, and by `job / step`. */
  durations?: Record<string, number>;
}

/** A model run in MLflow's terms. @public */
export interface ModelRunSnapshot {
  version?: string;
  params: Record<string, string>;
  metrics: Record<string, number>;
  /** Of the data set. */
  dataDigest?: string;
  /** Name and version. */
  libraries: Record<string, string>;
}

/** What is known beside the logs. @public */
export interface CompareInput {
  /** Those since the last green run, as GitHub's compare API gives them. */
  commits?: Array<{
    sha: string;
    message: string;
    author?: string;
    files: Array<{ path: string; status?: string; patch?: string }>;
  }>;
  failed?: RunSnapshot;
  green?: RunSnapshot;
  candidate?: ModelRunSnapshot;
  champion?: ModelRunSnapshot;
  /** For people: why the candidate or the champion is not known. */
  missing?: string;
}

/** A commit since the last green run. */
export type CommitFacts = NonNullable<CompareInput['commits']>[number];

/** What {@link compareRuns} finds. */
export interface Comparison {
  changes: Change[];
  suspects: Suspect[];
}

/** What compare looks at beside the two runs. */
export interface CompareRunsInput extends CompareInput {
  failureType: FailureType;
  evidence: Evidence[];
  findings: Finding[];
  /** The kept lines of the step that failed. */
  excerpt: LogLine[];
}
