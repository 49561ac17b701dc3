// SPDX-License-Identifier: Apache-2.0
import { duration, figure } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import {
  distinct,
  isWell,
  lineEvidence,
  measuredAs,
  ownRollouts,
  rolloutSentence,
} from './helpers';
import { completedJob, monitoringRestarted } from './monitoringCauses';
import { growingScrapeCauses, isGrowingScrape } from './growingScrapeCauses';
import { ruleCauses } from './ruleCauses';
import type { Candidate } from './types';

const METRIC = /[a-zA-Z_:][\w:]{3,120}/;
const SILENCE = 'silence it until then; no other action is due.';

/** The metric of an expression that is asked for plainly. */
const metricOf = ({ expression }: Measured) =>
  METRIC.exec(expression)?.[0] ?? '';

const lastAt = ({ points }: Measured) => points[points.length - 1][0];

function tokensInCommon(a: string, b: string): number {
  const of = (text: string) => new Set(text.toLowerCase().split(/[_:]+/));
  const others = of(b);
  return [...of(a)].filter(each => each.length > 1 && others.has(each)).length;
}

const isUp = ({ expression, trend }: Measured) =>
  /^up\b/.test(expression) && trend.after >= 1;

/** A rule that asks for a metric which nobody gives any more, while all is well. */
function renamed(situation: Situation): Candidate[] {
  const { expression = '', metrics, start } = situation;
  const [, name = ''] =
    /absent(?:_over_time)?\(\s{0,4}(?:sum|avg|max|min|count)?\s{0,2}\(?\s{0,4}([a-zA-Z_:][\w:]{2,120})/.exec(
      expression,
    ) ?? [];
  const old = metrics.filter(
    each => !each.isOfAlert && metricOf(each) === name && lastAt(each) <= start,
  );
  const ups = metrics.filter(each => /^up\b/.test(each.expression));
  const isScraped =
    ups.some(isUp) ||
    (ups.length === 0 &&
      metrics.some(each => !each.isOfAlert && lastAt(each) > start));
  if (name === '' || name === 'up' || !isScraped || !isWell(situation)) {
    return [];
  }
  const [successor] = metrics
    .filter(
      each =>
        metricOf(each) !== name &&
        tokensInCommon(metricOf(each), name) >= 2 &&
        old.every(({ points }) => each.points[0][0] > points[0][0]) &&
        lastAt(each) > start - 5 * 60_000,
    )
    .sort(
      (a, b) =>
        tokensInCommon(metricOf(b), name) - tokensInCommon(metricOf(a), name),
    );
  const [rollout] = ownRollouts(situation);
  const up = metrics.find(isUp);
  return [
    {
      rule: 'metric-renamed',
      type: 'false-alarm',
      score: 7 + (successor ? 1 : 0) + (rollout ? 0.5 : 0),
      isProven: successor !== undefined || rollout !== undefined,
      statement: `False alarm: the rule asks whether the metric ${name} is absent, and it is no longer exported${successor ? ` (renamed: ${metricOf(successor)} came in its place)` : ''}, while the pods are ready, scraped and serve as before.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...(successor ? [successor.evidence] : []),
        ...(rollout?.evidence ?? []),
        ...(up ? [up.evidence] : []),
        ...old.slice(0, 1).map(({ evidence }) => evidence),
      ]),
      steps: [
        `Update the rule (expression of the alert) to ${successor ? `the new name ${metricOf(successor)}` : 'a metric that the new version exports'}, or let it ask for up == 0; ${SILENCE}`,
      ],
    },
  ];
}

/** Labels that tell who gave a sample, not of what it is. */
const OF_SOURCE = new Set([
  'instance',
  'prometheus_replica',
  'endpoint',
  'receive',
  'replica',
]);

const identityOf = ({ expression, labels }: Measured) =>
  JSON.stringify([
    expression,
    Object.entries(labels)
      .filter(([name]) => !OF_SOURCE.has(name))
      .sort(([a], [b]) => a.localeCompare(b)),
  ]);

/** The same thing told by two exporters, so that a sum counts it twice. */
function doubled(situation: Situation): Candidate[] {
  const { metrics, objects, document, onset } = situation;
  const own = metrics.find(
    ({ isOfAlert, trend }) =>
      isOfAlert &&
      trend.before > 0 &&
      [2, 3].some(n => Math.abs(trend.after / trend.before - n) < 0.1 * n),
  );
  const groups = new Map<string, Measured[]>();
  for (const each of metrics.filter(({ labels }) => labels.instance)) {
    groups.set(identityOf(each), [
      ...(groups.get(identityOf(each)) ?? []),
      each,
    ]);
  }
  const twice = [...groups.values()].filter(
    each => new Set(each.map(({ labels }) => labels.instance)).size > 1,
  );
  const [first] = twice;
  if (!own || !first) {
    return [];
  }
  const added = [...first].sort((a, b) => b.points[0][0] - a.points[0][0])[0];
  const job = added.labels.job ?? added.labels.service ?? 'the exporter';
  const scaled = objects.find(
    ({ kind, raw }) =>
      kind === 'Event' &&
      raw.reason === 'ScalingReplicaSet' &&
      String(raw.message).includes(job),
  );
  return [
    {
      rule: 'counted-twice',
      type: 'false-alarm',
      score: 8.5,
      isProven: true,
      statement: `False alarm: everything is counted twice. Two instances of ${job} give the same series (${first
        .map(({ labels }) => labels.instance)
        .slice(0, 2)
        .join(
          ' and ',
        )}; duplicate but for the label instance), so that the sum of the rule went from ${figure(own.trend.before)} to ${figure(own.trend.after)} when the second one was scraped ${duration(Math.max(0, onset - added.points[0][0]))} before; nothing else changed.`,
      evidence: distinct([
        added.evidence,
        ...document.find(scaled),
        own.evidence,
        ...first.slice(0, 1).map(({ evidence }) => evidence),
      ]),
      steps: [
        `Scrape one instance only (one replica of ${job}, or sharding), or let the rule take max without (instance) before it sums; ${SILENCE}`,
      ],
    },
  ];
}

/** A target that misses single scrapes while it serves. */
function missedScrapes(situation: Situation): Candidate[] {
  const { expression = '', metrics, groups } = situation;
  if (
    !/\bup\b|scrape|TargetDown|probe_success/.test(
      `${expression} ${situation.alert.labels.alertname}`,
    )
  ) {
    return [];
  }
  const up = metrics.find(
    ({ expression: each, points }) =>
      /^(?:up|probe_success)\b/.test(each) &&
      points.filter(([, value]) => value >= 1).length > points.length / 2 &&
      points.some(([, value]) => value === 0) &&
      (points.at(-1)?.[1] === 1 ||
        points.filter(([, value]) => value === 0).length >= 3),
  );
  const flips =
    up?.points.filter(
      ([, value], at) => at > 0 && value !== up.points[at - 1][1],
    ).length ?? 0;
  const scrape = metrics.find(({ expression: each }) =>
    /scrape_duration/.test(each),
  );
  const traffic = measuredAs(situation, 'traffic', 'latency').filter(
    ({ isOfAlert, trend, expression: each }) =>
      !isOfAlert && trend.shape === 'flat' && !/scrape/.test(each),
  );
  const served = groups.find(
    ({ isOfSubject, line }) => isOfSubject && /\b200\b/.test(line.text),
  );
  if (
    !up ||
    flips < 4 ||
    metrics.some(isGrowingScrape) ||
    !isWell(situation) ||
    (traffic.length === 0 && !served)
  ) {
    return [];
  }
  return [
    {
      rule: 'missed-scrapes',
      type: 'false-alarm',
      score: 7.5,
      isProven: true,
      statement: `False alarm, no impact: up flaps (${flips} changes), single scrapes of the target fail${scrape ? ` since they take up to ${figure(scrape.trend.peak)} s, as long as the scrape timeout` : ''}, while the service is ready and answers its requests${traffic[0] ? ` (${traffic[0].expression.slice(0, 60)} stays at ${figure(traffic[0].trend.after)})` : ''}.`,
      evidence: distinct([
        up.evidence,
        ...(scrape ? [scrape.evidence] : []),
        ...traffic.slice(0, 1).map(({ evidence }) => evidence),
        ...(served ? [lineEvidence(served.log, served.line)] : []),
      ]),
      steps: [
        `Let the rule ask for avg_over_time(up[5m]) < 0.5 or a longer for, and raise the scrape timeout (or make /metrics cheaper); ${SILENCE}`,
      ],
    },
  ];
}

/** Alerts that come of how things are measured, not of how they are. */
export const scrapeCauses = (situation: Situation): Candidate[] => [
  ...renamed(situation),
  ...doubled(situation),
  ...missedScrapes(situation),
  ...growingScrapeCauses(situation),
  ...monitoringRestarted(situation),
  ...completedJob(situation),
  ...ruleCauses(situation),
];
