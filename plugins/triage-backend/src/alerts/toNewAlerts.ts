// SPDX-License-Identifier: Apache-2.0
import { readAlertPlace } from '@greenroom/plugin-triage-node';
import { createRedactor } from '@greenroom/triage-engine';
import { createHash } from 'node:crypto';
import type { NewAlert } from '../database/NewAlert';
import type { AlertmanagerBody } from './alertmanagerBody';

/** Alertmanager bounds neither; what is longer than this says no more. */
const MAX_TEXTS = 64;
const MAX_TEXT = 4_000;
const MAX_NAME = 250;
const MAX_SEVERITY = 60;
type Alert = AlertmanagerBody['alerts'][number];

/** PostgreSQL's text has no place for a zero byte. */
const toText = (value: string, max: number) =>
  value.slice(0, max).replaceAll('\0', '\ufffd');

/** One line, for columns and titles. */
const toLine = (value: string, max: number = MAX_NAME) =>
  toText(value, max).replace(/\s+/g, ' ').trim();

/** By which alerts share what is made outside: receiver and group. */
function toGroupId(receiver: string, groupKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([receiver, groupKey]))
    .digest('hex');
}

/**
 * The alerts of a body as they may be kept: redacted, bounded, each once. The
 * resolved one counts where both are told of.
 */
export function toNewAlerts(body: AlertmanagerBody): NewAlert[] {
  const redactor = createRedactor();
  const redact = (texts: Record<string, string>) =>
    redactor.redactDeep(
      Object.fromEntries(
        Object.entries(texts)
          .slice(0, MAX_TEXTS)
          .map(([name, value]) => [
            toText(name, MAX_NAME),
            toText(value, MAX_TEXT),
          ]),
      ),
    );
  const redactLine = (value: string, max: number = MAX_NAME) =>
    redactor.redact(toLine(value, max)).slice(0, max);
  const groupId = toGroupId(body.receiver, body.groupKey);
  const groupLabels = redact(body.groupLabels);
  const groupKey = redactor.redact(toText(body.groupKey, MAX_TEXT));
  const receiver = redactLine(body.receiver);
  const alerts = new Map<string, NewAlert>();
  for (const alert of body.alerts) {
    const { fingerprint, startsAt, status, labels } = alert;
    const key = `${fingerprint} ${startsAt}`;
    if (alerts.get(key)?.status === 'resolved') {
      continue;
    }
    const url = toUrl(alert);
    const expression = url?.searchParams.get('g0.expr');
    alerts.set(key, {
      fingerprint,
      startsAt,
      status,
      endsAt: toEnd(alert),
      name: redactLine(labels.alertname || 'Alert'),
      severity: labels.severity && redactLine(labels.severity, MAX_SEVERITY),
      groupKey,
      groupId,
      receiver,
      labels: redact(labels),
      groupLabels,
      annotations: redact({ ...body.commonAnnotations, ...alert.annotations }),
      expression: expression
        ? redactor.redact(toText(expression, MAX_TEXT))
        : undefined,
      generatorUrl: url && redactor.redact(toText(url.href, MAX_TEXT)),
      truncated: body.truncatedAlerts,
      ...readAlertPlace(labels),
    });
  }
  // Always in the same order: two transactions must not wait for each other.
  return [...alerts.values()].sort(
    (a, b) => compare(a.fingerprint, b.fingerprint) || a.startsAt - b.startsAt,
  );
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

function toEnd({ status, endsAt, startsAt }: Alert): number | undefined {
  if (status === 'firing') {
    return undefined;
  }
  return Math.max(startsAt, endsAt && endsAt > 0 ? endsAt : Date.now());
}

function toUrl({ generatorURL }: Alert): URL | undefined {
  if (!URL.canParse(generatorURL)) {
    return undefined;
  }
  const url = new URL(generatorURL);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}
