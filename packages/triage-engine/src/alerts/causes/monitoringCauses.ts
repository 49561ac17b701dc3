// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { distinct, isWell, lineEvidence } from './helpers';
import type { Candidate } from './types';

const SILENCE = 'silence it until then; no other action is due.';
const MONITORS =
  /^(?:prometheus|vmagent|vmsingle|thanos|mimir|kube-state-metrics|otel-collector|grafana-agent|alloy)/;
const RECENT = 15 * 60_000;

/** The monitoring itself began anew, and knew a part only for a while. */
export function monitoringRestarted(situation: Situation): Candidate[] {
  const { start, containers, metrics, document, logs } = situation;
  const monitor = containers.find(({ name, pod, terminated, isOfSubject }) => {
    const at = terminated?.finishedAt ?? pod.createdAt ?? 0;
    return (
      !isOfSubject &&
      MONITORS.test(name) &&
      at <= start + 60_000 &&
      start - at < RECENT
    );
  });
  const own = metrics.find(({ isOfAlert }) => isOfAlert);
  const gap = own?.points.some(
    ([time], at) =>
      at > 0 &&
      time - own.points[at - 1][0] >
        2.5 * (own.points[1][0] - own.points[0][0]) &&
      Math.abs(time - start) < RECENT,
  );
  const isOver =
    own &&
    Math.abs(own.points[own.points.length - 1][1] - own.trend.before) <=
      0.25 * Math.max(1e-9, Math.abs(own.trend.before));
  if (!monitor || !own || !(gap || isOver) || !isWell(situation)) {
    return [];
  }
  const targets = metrics.find(({ expression }) =>
    /count\(up/.test(expression),
  );
  const log = logs.find(({ pod }) => pod === monitor.pod.name);
  return [
    {
      rule: 'monitoring-restarted',
      type: 'false-alarm',
      score: 7 + (gap ? 0.5 : 0) + (isOver ? 0.5 : 0),
      isProven: true,
      statement: `False alarm: ${monitor.name} (${monitor.pod.name}) restarted shortly before and had scraped only a part of its targets${targets ? ` (${figure(targets.trend.low)} of ${figure(targets.trend.before)})` : ''} when the rule was evaluated; ${isOver ? 'what it measures is as before again' : 'there is a gap in what it measures'}, and the pods are ready.`,
      evidence: distinct([
        ...document.find(monitor.pod, `[${monitor.name}]`, 'exitCode='),
        ...(targets ? [targets.evidence] : []),
        own.evidence,
        ...(log ? [lineEvidence(log, log.lines[0])] : []),
      ]),
      steps: [
        `Give the rule a for of some minutes, longer than a restart of ${monitor.name} takes; ${SILENCE}`,
      ],
    },
  ];
}

/** A pod that has done its work is never ready again. */
export function completedJob({
  subject,
  document,
  events,
  text,
  metrics,
}: Situation): Candidate[] {
  const pod = subject.pods.find(
    ({ name, raw, owner }) =>
      name === subject.pod &&
      (owner?.kind === 'Job' || owner?.kind === 'Workflow') &&
      /"phase":"Succeeded"/.test(
        JSON.stringify(raw.status ?? {}).slice(0, 20_000),
      ),
  );
  if (!pod || !/ready|phase|running|unavailable/i.test(text)) {
    return [];
  }
  const done = events.find(({ reason }) => reason === 'Completed');
  return [
    {
      rule: 'completed-job',
      type: 'false-alarm',
      score: 8.5,
      isProven: true,
      statement: `False alarm, no impact: the pod belongs to the Job ${pod.owner?.name} and has completed (phase Succeeded, exit code 0); a finished pod is never ready.`,
      evidence: distinct([
        ...document.find(pod, 'phase=Succeeded'),
        ...(done ? [done.evidence] : []),
        ...document.find(pod, 'Completed'),
        ...metrics.slice(0, 1).map(({ evidence }) => evidence),
      ]),
      steps: [
        `Exclude pods that have completed from the rule (unless on (namespace, pod) kube_pod_status_phase{phase="Succeeded"} == 1); ${SILENCE}`,
      ],
    },
  ];
}
