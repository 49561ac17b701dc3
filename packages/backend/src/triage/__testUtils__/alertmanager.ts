// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/** As Alertmanager's `data.Alert` is written. */
export interface WebhookAlert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  fingerprint: string;
}

/** An alert of a pod that runs out of memory, unless told otherwise. */
export function createAlert(
  labels: Record<string, string> = {},
  change: Partial<WebhookAlert> = {},
): WebhookAlert {
  const all = {
    alertname: 'KserveContainerOomKilled',
    namespace: 'models',
    pod: 'churn-predictor-7c9f8d6b5-x2x9z',
    container: 'kserve-container',
    severity: 'critical',
    ...labels,
  };
  const expr =
    'kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} > 0';
  return {
    status: 'firing',
    labels: all,
    annotations: {
      summary: `Container ${all.container} of ${all.pod} ran out of memory`,
    },
    startsAt: '2026-11-29T10:00:00.123456789+01:00',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: `http://prometheus.monitoring:9090/graph?g0.expr=${encodeURIComponent(expr)}&g0.tab=1`,
    fingerprint: createHash('sha256')
      .update(JSON.stringify(all))
      .digest('hex')
      .slice(0, 16),
    ...change,
  };
}

/** The same alert, over. */
export const resolve = (
  alert: WebhookAlert,
  endsAt: string = '2026-11-29T10:20:00+01:00',
): WebhookAlert => ({ ...alert, status: 'resolved', endsAt });

/** A message of Alertmanager, version 4, of 0.33's form. */
export function createMessage(
  alerts: WebhookAlert[],
  change: Record<string, unknown> = {},
) {
  const isFiring = alerts.some(({ status }) => status === 'firing');
  return {
    receiver: 'portal',
    status: isFiring ? 'firing' : 'resolved',
    notification_reason: isFiring ? 'first notification' : 'all resolved',
    alerts,
    groupLabels: { namespace: 'models' },
    commonLabels: { namespace: 'models' },
    commonAnnotations: {},
    routeLabels: {},
    externalURL: 'http://alertmanager:9093',
    version: '4',
    groupKey: '{}/{severity="critical"}:{namespace="models"}',
    truncatedAlerts: 0,
    somethingNew: { of: ['a later version'] },
    ...change,
  };
}

export const ALERT_TOKEN = 'token-of-alertmanager-0123456789';
