// SPDX-License-Identifier: Apache-2.0
import {
  Issues,
  renderAlertBody,
  renderEnded,
  saysEnded,
  type ShownAlert,
} from '@greenroom/plugin-triage-backend-module-github';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  createRedactor,
  renderIssueTitle,
  type AlertmanagerAlert,
} from '@greenroom/triage-engine';
import type { GithubRepository } from '../GithubRepository';
import type { Posted } from '../post';
import type { AlertInputs } from '../readInputs';
import { readReportFile } from '../readReport';
import { readAlertGroup, toSubject, type AlertGroup } from './AlertGroup';

const TIMEOUT_MS = 2 * 60_000;
const LIST_LABEL = 'triage';
/** Labels of triage are words. */
const LABEL = /^[a-z][\w: -]{0,49}$/;
const MAX_LABELS = 10;

/**
 * Opens the issue of a group of alerts or renews it; where all are resolved, says so by a
 * comment. Closes nothing: whether it is over is for a person to say.
 *
 * @throws Error where the report is not one of these alerts; nothing is posted then
 */
export async function postAlert(
  repository: GithubRepository,
  inputs: AlertInputs,
): Promise<Posted[]> {
  const group = await readAlertGroup(inputs);
  const issues = new Issues(repository.client, AbortSignal.timeout(TIMEOUT_MS));
  if (!group.main) {
    return sayEnded(issues, group);
  }
  if (group.isRepeated) {
    return [];
  }
  const report = await readAlertReport(inputs.file, repository, group);
  const body = renderAlertBody({
    report,
    alerts: group.body.alerts.map(toShown),
    truncated: group.body.truncatedAlerts,
  });
  const labels = report.decision.labels.filter(label => LABEL.test(label));
  const { html_url: url } = await issues.apply({
    signature: group.id,
    title: renderIssueTitle(report),
    body,
    labels: [...new Set([LIST_LABEL, ...labels])].slice(0, MAX_LABELS),
    assignees: [],
  });
  return [{ what: 'Issue opened or updated', url }];
}

async function sayEnded(issues: Issues, group: AlertGroup): Promise<Posted[]> {
  const found = await issues.find(group.id);
  if (!found) {
    return [];
  }
  const shown = group.body.alerts.map(toShown);
  const ended = Math.max(...shown.map(({ endsAt }) => endsAt ?? 0));
  await issues.say(found, {
    since: Math.min(...shown.map(({ startsAt }) => startsAt)),
    comment: renderEnded(ended),
    isSaid: text => saysEnded(text, ended),
  });
  return [{ what: 'Issue says that it is over', url: found.html_url }];
}

/**
 * The report that another job has written, which has read hostile text: only one of this
 * very alert is posted, and its one link is the event's.
 */
async function readAlertReport(
  file: string,
  repository: GithubRepository,
  { id, main }: AlertGroup,
): Promise<TriageReport> {
  const report = await readReportFile(file);
  const { failure, incident } = report;
  const { alert } = incident;
  const expected = {
    kind: ['alert', incident.kind],
    repository: [repository.fullName, incident.repository],
    group: [id, failure.signature],
    alert: [main?.fingerprint, alert?.fingerprint],
    start: [
      Date.parse(main?.startsAt ?? ''),
      Date.parse(alert?.startsAt ?? ''),
    ],
  };
  for (const [what, [ours, theirs]] of Object.entries(expected)) {
    if (ours !== theirs) {
      throw new Error(`The report is about another ${what} than this event`);
    }
  }
  return {
    ...report,
    incident: {
      kind: incident.kind,
      repository: incident.repository,
      model: incident.model,
      alert: alert && {
        ...alert,
        url: alert.url === main?.generatorURL ? alert.url : undefined,
      },
    },
  };
}

function toShown(alert: AlertmanagerAlert): ShownAlert {
  const { name, startsAt, endsAt, namespace, pod, service } = toSubject(alert);
  const redact = (text: string) => createRedactor().redact(text);
  return {
    name: redact(name),
    status: alert.status,
    startsAt,
    endsAt,
    where: [namespace, pod ?? service].filter(Boolean).join('/') || undefined,
  };
}
