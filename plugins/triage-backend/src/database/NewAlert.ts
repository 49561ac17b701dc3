// SPDX-License-Identifier: Apache-2.0
import { renderAlertTitle } from '@greenroom/triage-engine';

/** An alert as it is kept. */
export interface NewAlert {
  fingerprint: string;
  startsAt: number;
  endsAt?: number;
  status: 'firing' | 'resolved';
  name: string;
  severity?: string;
  groupKey: string;
  groupId: string;
  receiver: string;
  labels: Record<string, string>;
  groupLabels: Record<string, string>;
  annotations: Record<string, string>;
  expression?: string;
  generatorUrl?: string;
  cluster?: string;
  namespace?: string;
  pod?: string;
  container?: string;
  service?: string;
  truncated: number;
}

/** Its row in the table of alerts. */
export function toAlertValues(alert: NewAlert, id: string) {
  return {
    incident_id: id,
    fingerprint: alert.fingerprint,
    starts_at: alert.startsAt,
    ends_at: alert.endsAt ?? null,
    status: alert.status,
    status_since: Date.now(),
    name: alert.name,
    severity: alert.severity ?? null,
    group_key: alert.groupKey,
    group_id: alert.groupId,
    receiver: alert.receiver,
    labels: JSON.stringify(alert.labels),
    group_labels: JSON.stringify(alert.groupLabels),
    annotations: JSON.stringify(alert.annotations),
    expression: alert.expression ?? null,
    generator_url: alert.generatorUrl ?? null,
    cluster: alert.cluster ?? null,
    namespace: alert.namespace ?? null,
    pod: alert.pod ?? null,
    container: alert.container ?? null,
    service: alert.service ?? null,
    truncated: alert.truncated,
  };
}

/** What columns ask of a pipeline is empty: its facts are in the table of alerts. */
export function toIncidentValues(alert: NewAlert, id: string, now: number) {
  const { endsAt } = alert;
  const isOver = alert.status === 'resolved';
  return {
    id,
    kind: 'alert',
    source: 'alertmanager',
    host: '',
    repository: '',
    run_id: id,
    run_attempt: 1,
    workflow: '',
    workflow_id: '',
    run_url: '',
    branch: '',
    is_default_branch: false,
    commit_sha: '',
    failed_at: alert.startsAt,
    received_at: now,
    state: isOver ? 'recovered' : 'new',
    recovered_at: isOver ? (endsAt ?? now) : null,
    stage: isOver ? 'done' : 'queued',
    stage_since: now,
    title: renderAlertTitle(alert),
  };
}
