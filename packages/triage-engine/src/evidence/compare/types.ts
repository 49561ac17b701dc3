import type { Change, Suspect } from '@greenroom/plugin-triage-common';

/** A commit since the last green run, as GitHub's compare API gives it. @public */
export interface CommitFacts {
  sha: string;
  message: string;
  author?: string;
  files: Array<{ path: string; status?: string; patch?: string }>;
}

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
  commits?: CommitFacts[];
  failed?: RunSnapshot;
  green?: RunSnapshot;
  candidate?: ModelRunSnapshot;
  champion?: ModelRunSnapshot;
}

/** @public */
export interface Comparison {
  changes: Change[];
  suspects: Suspect[];
}
