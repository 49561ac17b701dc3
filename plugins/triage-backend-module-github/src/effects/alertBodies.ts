// SPDX-License-Identifier: Apache-2.0
import type {
  AlertEffectContext,
  GroupedAlert,
} from '@greenroom/plugin-triage-node';
import { renderMarkdown } from '@greenroom/triage-engine';

/** GitHub takes 65,536 characters. */
const MAX_BODY = 65_000;
const MAX_NAME = 200;

const toTime = (ms: number) =>
  `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * In a span of code, where nothing of Markdown means anything; a comment's beginning
 * would still be read by who looks for markers.
 */
function toCode(text: string): string {
  const line = text
    .slice(0, MAX_NAME)
    .replace(/[`|\\\s]+/g, ' ')
    .replace(/\p{C}/gu, '')
    .replaceAll('<', '‹')
    .trim();
  return `\`${line || '-'}\``;
}

/** An alert of a group; without a portal it has no page there. @public */
export type ShownAlert = Omit<GroupedAlert, 'portalUrl'> &
  Partial<Pick<GroupedAlert, 'portalUrl'>>;

function renderRow(alert: ShownAlert): string {
  const { name, where, status, startsAt, endsAt, portalUrl } = alert;
  const how =
    status === 'firing'
      ? '**firing**'
      : `resolved${endsAt ? ` at ${toTime(endsAt)}` : ''}`;
  return `| ${toCode(name)} | ${where ? toCode(where) : ''} | ${toTime(startsAt)} | ${how} | ${portalUrl ? `[Report](${portalUrl})` : ''} |`;
}

/**
 * The report of the alert that began it, and how all of the group stand.
 *
 * @public
 */
export function renderAlertBody(
  {
    alerts,
    report,
    portalUrl,
    truncated,
  }: Pick<AlertEffectContext, 'report' | 'truncated'> & {
    alerts: ShownAlert[];
    portalUrl?: string;
  },
  extra: string[] = [],
): string {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  const footer = [
    '',
    `### ${firing > 0 ? `${firing} of ${alerts.length} alerts fire` : 'All alerts are resolved'}`,
    '',
    '| alert | where | since | state | |',
    '| --- | --- | --- | --- | --- |',
    ...alerts.map(renderRow),
    ...(truncated > 0
      ? ['', `Alertmanager left ${truncated} more alerts out of its message.`]
      : []),
    '',
    ...(portalUrl
      ? ['---', `[Report, evidence and answers in the portal](${portalUrl})`]
      : []),
    ...extra,
    '',
  ].join('\n');
  return `${renderMarkdown(report, { target: 'issue', maxLength: MAX_BODY - footer.length }).trimEnd()}\n${footer}`;
}

const endedMarker = (endedAt: number) =>
  `<!-- greenroom-triage:v1 resolved=${endedAt} -->`;

/** Whether a text says already that the alerts ended then. @public */
export const saysEnded = (body: string, endedAt: number) =>
  body.includes(endedMarker(endedAt));

/** That the last alert of the group ended. @public */
export const renderEnded = (endedAt: number) =>
  `${endedMarker(endedAt)}\n**Resolved**: Alertmanager says that the last alert of this group ended at ${toTime(endedAt)}.`;
