// SPDX-License-Identifier: Apache-2.0
import type {
  Incident,
  IncidentAlert,
  IncidentEffect,
} from '@greenroom/plugin-triage-common';
import type { SignatureCount } from '../database/IncidentQueries';
import type { AlertRow } from '../database/alertRow';
import type { EffectRow, IncidentRow } from '../database/rows';

const toTime = (ms: number) => new Date(ms).toISOString();
const optionalTime = (ms: number | null) =>
  ms === null ? undefined : toTime(ms);

/** An incident as the API has it. */
export function toIncident(
  row: IncidentRow,
  options: { alert?: AlertRow; entityRef?: string; seen?: SignatureCount },
): Incident {
  const { alert, entityRef, seen } = options;
  return {
    id: row.id,
    kind: row.kind,
    entityRef,
    repository: row.repository || undefined,
    ...(row.kind !== 'alert' && {
      workflow: row.workflow,
      runId: row.run_id,
      runAttempt: row.run_attempt,
      runUrl: row.run_url,
      branch: row.branch,
      commit: row.commit_sha,
      isDefaultBranch: row.is_default_branch,
    }),
    alert: alert && toIncidentAlert(alert),
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

function toIncidentAlert(alert: AlertRow): IncidentAlert {
  return {
    name: alert.name,
    severity: alert.severity ?? undefined,
    startsAt: toTime(alert.starts_at),
    endsAt: optionalTime(alert.ends_at),
    status: alert.status,
    cluster: alert.cluster ?? undefined,
    namespace: alert.namespace ?? undefined,
    pod: alert.pod ?? undefined,
    service: alert.service ?? undefined,
    groupKey: alert.group_key,
    receiver: alert.receiver,
    truncatedAlerts: alert.truncated || undefined,
    labels: alert.labels,
    annotations: alert.annotations,
    expression: alert.expression ?? undefined,
    generatorUrl: alert.generator_url ?? undefined,
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
