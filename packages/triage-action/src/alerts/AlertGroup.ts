// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import {
  readAlertPlace,
  type AlertSubject,
} from '@greenroom/plugin-triage-node';
import {
  alertmanagerBodySchema,
  type AlertmanagerAlert,
  type AlertmanagerBody,
} from '@greenroom/triage-engine';
import { z } from 'zod';
import type { AlertInputs } from '../readInputs';

/** GitHub's `client_payload` holds 64 KiB, the event around it little more. */
const MAX_BYTES = 1024 * 1024;
const MAX_ALERTS = 50;
const MAX_TEXT = 4_000;
const MAX_NAME = 250;
/** In a string of a string, where Alertmanager's own `payload` makes it. */
const MAX_DEPTH = 3;

/** How the event has it, whoever sent it: Alertmanager by `payload`, a bridge, a person by hand. */
const eventSchema = z.object({
  client_payload: z.object({ alert: z.unknown() }).nullish(),
  inputs: z.object({ alert: z.unknown() }).nullish(),
});

/** Of the message alone: what Alertmanager's `payload` leaves out of it. */
const looseSchema = z
  .looseObject({ notification_reason: z.string().default('') })
  .transform(body => ({ version: '4', groupKey: '', ...body }));

/** The alerts of one message of Alertmanager, as far as they may be believed: each text is somebody's. */
export interface AlertGroup {
  body: AlertmanagerBody;
  /** In hex: the same for the same group, as the portal has it. */
  id: string;
  /** The one that is explained: the first that fires. */
  main?: AlertmanagerAlert;
  /** Whether it is told of only because time has passed. */
  isRepeated: boolean;
}

function parse(value: unknown, depth: number = 0): unknown {
  if (typeof value !== 'string' || depth === MAX_DEPTH) {
    return value;
  }
  try {
    return parse(JSON.parse(value), depth + 1);
  } catch {
    throw new Error('The alerts are not JSON');
  }
}

/** Receiver and group, and whose repository it is, as the portal counts them. */
function toId(body: AlertmanagerBody, repository: string): string {
  const { groupKey, groupLabels, receiver } = body;
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const group = groupKey || JSON.stringify(Object.entries(groupLabels).sort());
  return sha(
    `${sha(JSON.stringify([receiver, group]))} ${repository.toLowerCase()}`,
  );
}

/**
 * @throws Error that says what the alerts have to be, without a word of theirs
 */
export async function readAlertGroup({
  alert: { file, isEvent },
  host,
  owner,
  repo,
}: AlertInputs): Promise<AlertGroup> {
  const { size } = await stat(file);
  if (size > MAX_BYTES) {
    throw new Error(`The alerts are larger than ${MAX_BYTES} bytes`);
  }
  const content = parse(await readFile(file, 'utf8'));
  const event = isEvent ? eventSchema.safeParse(content).data : undefined;
  const given = event
    ? parse(event.client_payload?.alert ?? event.inputs?.alert)
    : content;
  const loose = looseSchema.safeParse(given);
  const read = alertmanagerBodySchema.safeParse(loose.data ?? given);
  if (!read.success) {
    const [{ path }] = read.error.issues;
    throw new Error(
      `The event has not the form of Alertmanager's webhook in client_payload.alert${path.length > 0 ? `: ${path.map(String).join('.').slice(0, 100)}` : ''}`,
    );
  }
  const body = { ...read.data, alerts: read.data.alerts.slice(0, MAX_ALERTS) };
  body.truncatedAlerts += read.data.alerts.length - body.alerts.length;
  return {
    body,
    id: toId(body, `${host}/${owner}/${repo}`),
    main: body.alerts.find(({ status }) => status === 'firing'),
    isRepeated: loose.data?.notification_reason === 'repeat interval elapsed',
  };
}

/** Where to look for what an alert is of: only names that Kubernetes takes. */
export function toSubject(alert: AlertmanagerAlert): AlertSubject {
  const { generatorURL, labels, startsAt, endsAt } = alert;
  const url = URL.canParse(generatorURL) ? new URL(generatorURL) : undefined;
  return {
    name: (labels.alertname ?? 'Alert').slice(0, MAX_NAME),
    startsAt: Date.parse(startsAt),
    endsAt: endsAt ? Date.parse(endsAt) : undefined,
    labels,
    expression:
      url?.searchParams.get('g0.expr')?.slice(0, MAX_TEXT) ?? undefined,
    ...readAlertPlace(labels),
  };
}
