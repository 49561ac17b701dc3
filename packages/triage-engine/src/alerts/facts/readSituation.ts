// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import { ObjectsDocument } from '../read/ObjectsDocument';
import { readLogs } from '../read/readLogs';
import { readMetrics } from '../read/readMetrics';
import { readObjects } from '../read/readObjects';
import type { AlertFailure } from '../types';
import { expressionOf } from './expressionOf';
import { groupLines } from './groupLines';
import { measure } from './measure';
import { readContainers } from './readContainers';
import { readEvents } from './readEvents';
import { readRollouts } from './readRollouts';
import { readSubject } from './subject';
import type { Measured, Situation } from './types';

/** Rules wait so long before they fire, at most. */
const LONGEST_FOR = 3 * 3600_000;

/** When what the alert measures left what it was before. */
function onsetOf(metrics: Measured[], start: number): number {
  const changes = metrics.flatMap(({ isOfAlert, trend }) =>
    isOfAlert &&
    trend.changedAt !== undefined &&
    trend.changedAt <= start &&
    trend.changedAt > start - LONGEST_FOR
      ? [trend.changedAt]
      : [],
  );
  return Math.min(start, ...changes);
}

/** Reads all that was given around an alert; what cannot be read is in `errors`. */
export async function readSituation(
  failure: AlertFailure,
  signal?: AbortSignal,
): Promise<{ situation: Situation; errors: StageError[] }> {
  const { alert } = failure;
  const start = Date.parse(alert.startsAt);
  const expression = expressionOf(alert);
  const read = readObjects(failure.objects);
  const { objects } = read;
  const subject = readSubject(alert, failure.groupLabels ?? {}, objects);
  const document = new ObjectsDocument(objects);
  const measured = readMetrics(failure.metrics, expression);
  const metrics = measure(measured.series, start);
  const onset = onsetOf(metrics, start);
  const logged = await readLogs(failure.logs, start, signal);
  const { annotations, labels } = alert;
  return {
    situation: {
      alert,
      start,
      onset,
      expression,
      text: [
        labels.alertname,
        annotations.summary ?? failure.commonAnnotations?.summary,
        annotations.description ?? failure.commonAnnotations?.description,
        annotations.message,
        expression,
      ]
        .filter(Boolean)
        .join('\n')
        .slice(0, 4000),
      subject,
      objects,
      document,
      events: readEvents(objects, subject, document),
      containers: readContainers(objects, subject),
      logs: logged.logs,
      groups: groupLines(logged.logs, subject, onset),
      rollouts: readRollouts(objects, subject, document, start),
      metrics,
    },
    errors: [...read.errors, ...logged.errors, ...measured.errors],
  };
}
