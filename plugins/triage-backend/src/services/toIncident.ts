// SPDX-License-Identifier: Apache-2.0
import type { Incident, IncidentEffect } from '@greenroom/plugin-triage-common';
import type { SignatureCount } from '../database/IncidentQueries';
import type { EffectRow, IncidentRow } from '../database/rows';

const toTime = (ms: number) => new Date(ms).toISOString();
const optionalTime = (ms: number | null) =>
  ms === null ? undefined : toTime(ms);

/** An incident as the API has it. */
export function toIncident(
  row: IncidentRow,
  options: { entityRef?: string; seen?: SignatureCount },
): Incident {
  const { entityRef, seen } = options;
  return {
    id: row.id,
    kind: 'pipeline',
    entityRef,
    repository: row.repository,
    workflow: row.workflow,
    runId: row.run_id,
    runAttempt: row.run_attempt,
    runUrl: row.run_url,
    branch: row.branch,
    commit: row.commit_sha,
    isDefaultBranch: row.is_default_branch,
    state: row.state,
    type: row.type ?? undefined,
    signature: row.signature ?? undefined,
    title: row.title,
    summary: row.summary ?? undefined,
    outcome: row.outcome ?? undefined,
    confidence: row.confidence ?? undefined,
    priority: row.priority ?? undefined,
    progress: {
      stage: row.stage,
      since: toTime(row.stage_since),
      error: row.stage_error ?? undefined,
    },
    firstSeen: toTime(seen?.first ?? row.failed_at),
    lastSeen: toTime(seen?.last ?? row.failed_at),
    failedAt: toTime(row.failed_at),
    reportedAt: optionalTime(row.reported_at),
    recoveredAt: optionalTime(row.recovered_at),
    assignee: row.assignee ?? undefined,
  };
}

/** An effect as the API has it. */
export function toEffect(row: EffectRow): IncidentEffect {
  return {
    kind: row.kind,
    url: row.url ?? undefined,
    status: row.status,
    at: toTime(row.at),
    error: row.error ?? undefined,
  };
}
