// SPDX-License-Identifier: Apache-2.0
import type { Conclusion, JsonObject, Status } from '../types';

/** A workflow run in its latest attempt, or an earlier attempt of it. */
export interface RunRecord {
  id: number;
  repositoryId: number;
  workflowId: number;
  runNumber: number;
  runAttempt: number;
  name: string;
  displayTitle: string;
  event: string;
  /** The webhook payload that started it: `github.event`. */
  payload: JsonObject;
  inputs: JsonObject;
  /** `refs/heads/main`, `refs/pull/1/merge`. */
  ref: string;
  headBranch: string | null;
  /** What the run is shown at: a pull request's head. */
  headSha: string;
  /** What is checked out, `github.sha`: a pull request's merge with its base. */
  sha: string;
  path: string;
  /** The workflow file as it was. */
  definition: string;
  actor: string;
  triggeringActor: string;
  status: Status;
  conclusion: Conclusion | null;
  /** Why it could not start. */
  message: string | null;
  /** This attempt runs only what had not succeeded. */
  rerunOfFailed: boolean;
  createdAt: string;
  runStartedAt: string;
  updatedAt: string;
}

/** What is known when a run is created. */
export type NewRun = Omit<
  RunRecord,
  | 'id'
  | 'runAttempt'
  | 'status'
  | 'conclusion'
  | 'rerunOfFailed'
  | 'createdAt'
  | 'runStartedAt'
  | 'updatedAt'
  | 'triggeringActor'
>;

/** Filters of `GET …/actions/runs`. */
export interface RunFilter {
  repositoryId: number;
  workflowId?: number;
  actor?: string;
  branch?: string;
  event?: string;
  /** A status or a conclusion, as GitHub's `status` parameter takes both. */
  status?: string;
  headSha?: string;
  /** `>=2026-01-01`, `2026-01-01..2026-02-01`, … */
  created?: { from?: string; to?: string };
  excludePullRequests?: boolean;
  limit: number;
  offset: number;
}
