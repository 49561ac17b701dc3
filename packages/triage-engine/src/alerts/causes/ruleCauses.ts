// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { isJson, listAt, numberAt } from '../read/json';
import { distinct, measuredAs } from './helpers';
import type { Candidate } from './types';

const SILENCE = 'silence it until then; no other action is due.';

/** Pushed values stay until somebody deletes them. */
const DAY_S = 24 * 3600;

/** A value that somebody pushed long ago, and that nobody pushed anew. */
function oldPush({ metrics, alert }: Situation): Candidate[] {
  const age = metrics.find(
    ({ expression, trend }) =>
      /time\(\) ?- ?push_time_seconds/.test(expression) && trend.peak > DAY_S,
  );
  const pushed = metrics.find(
    ({ expression, trend }) =>
      /^push_time_seconds/.test(expression) &&
      Date.parse(alert.startsAt) / 1000 - trend.after > DAY_S,
  );
  const own = metrics.find(
    ({ isOfAlert, trend }) => isOfAlert && trend.shape === 'flat',
  );
  const proof = age ?? pushed;
  if (!proof || !own) {
    return [];
  }
  const since = age
    ? age.trend.peak
    : Date.parse(alert.startsAt) / 1000 - proof.trend.after;
  return [
    {
      rule: 'old-push',
      type: 'false-alarm',
      score: 8,
      isProven: true,
      statement: `False alarm: the value that the rule reads was pushed ${Math.round(since / DAY_S)} days ago and is stale. The Pushgateway keeps what was pushed until somebody deletes it; the value has not changed since.`,
      evidence: distinct([
        proof.evidence,
        own.evidence,
        ...metrics
          .filter(({ expression }) => /succeeded/.test(expression))
          .map(({ evidence }) => evidence),
      ]),
      steps: [
        `Delete the old group at the Pushgateway, and let the rule ask that push_time_seconds is recent; ${SILENCE}`,
      ],
    },
  ];
}

/** An autoscaler at its maximum that does not want more. */
function scaledAsWanted(situation: Situation): Candidate[] {
  const { objects, document, text } = situation;
  const hpa = objects.find(
    ({ kind, raw }) =>
      kind === 'HorizontalPodAutoscaler' &&
      listAt(raw, 'status', 'conditions').some(
        each =>
          isJson(each) &&
          each.type === 'ScalingLimited' &&
          each.status === 'False',
      ),
  );
  const outcomes = measuredAs(situation, 'latency', 'errors', 'queue').filter(
    ({ isOfAlert }) => !isOfAlert,
  );
  if (
    !hpa ||
    !/hpa|max(?:ed|imum)?[ _-]?(?:out|replicas)/i.test(text) ||
    outcomes.some(({ trend }) => trend.direction === 'up')
  ) {
    return [];
  }
  return [
    {
      rule: 'scaled-as-wanted',
      type: 'false-alarm',
      score: 7.5,
      isProven: outcomes.length > 0,
      statement: `False alarm, no impact: the HPA ${hpa.name} is at its maximum of replicas and does not want more (ScalingLimited is False: the desired count is within the range)${outcomes[0] ? `; ${outcomes[0].expression.slice(0, 60)} stays at ${figure(outcomes[0].trend.after)}` : ''}.`,
      evidence: distinct([
        ...document.find(hpa, 'conditions[ScalingLimited]'),
        ...outcomes.slice(0, 2).map(({ evidence }) => evidence),
      ]),
      steps: [
        `Let the rule ask for ScalingLimited too (kube_horizontalpodautoscaler_status_condition), or raise maxReplicas; ${SILENCE}`,
      ],
    },
  ];
}

/** An autoscaler that has nothing to decide, since its least is its most. */
function pinned({ document, metrics, objects, text }: Situation): Candidate[] {
  const hpa = objects.find(({ kind, raw }) => {
    const max = numberAt(raw, 'spec', 'maxReplicas');
    return (
      kind === 'HorizontalPodAutoscaler' &&
      max !== undefined &&
      numberAt(raw, 'spec', 'minReplicas') === max
    );
  });
  const worse = metrics.find(
    ({ isOfAlert, kind, trend }) =>
      !isOfAlert &&
      ['cpu', 'errors', 'latency', 'queue'].includes(kind) &&
      trend.direction === 'up',
  );
  if (!hpa || !/hpa|max(?:ed|imum)?[ _-]?(?:out|replicas)/i.test(text)) {
    return [];
  }
  const replicas = numberAt(hpa.raw, 'spec', 'maxReplicas');
  return [
    {
      rule: 'autoscaler-pinned',
      type: 'false-alarm',
      score: 7.5 - (worse ? 3 : 0),
      isProven: worse === undefined,
      statement: `False alarm, no impact: the HPA ${hpa.name} is pinned to a fixed size (minReplicas = maxReplicas = ${replicas}), so that it is always at its maximum, whatever the load is.`,
      evidence: distinct([
        ...document.find(hpa, 'minReplicas='),
        ...document.find(hpa, 'maxReplicas='),
        ...document.find(hpa, 'conditions[ScalingLimited]'),
      ]),
      steps: [
        `Let the rule leave out autoscalers whose minimum equals their maximum; ${SILENCE}`,
      ],
    },
  ];
}

const SUM_BY =
  /sum(?: without| by)? ?\((?<labels>[^()]{1,200})\) ?\(\s{0,20}(?:rate|increase|irate)\((?<metric>[a-zA-Z_:][\w:]{0,100})(?:\{(?<filter>[^}]{0,300})\})?/g;

/** A ratio whose two sides are split by the label that one of them filters on. */
function dividesByItself({ expression = '', metrics }: Situation): Candidate[] {
  const [above, below] = [...expression.matchAll(SUM_BY)].map(
    ({ groups = {} }) => groups,
  );
  const label = above?.filter
    ?.split(',')
    .map(each => /^\s{0,9}([a-zA-Z_]\w{0,60})\s{0,9}=~?/.exec(each)?.[1])
    .find(
      name =>
        name !== undefined &&
        [above, below].every(side =>
          side?.labels.split(',').some(each => each.trim() === name),
        ),
    );
  const own = metrics.filter(({ isOfAlert }) => isOfAlert);
  if (
    !label ||
    above.metric !== below.metric ||
    below.filter?.includes(label) ||
    !expression.includes('/')
  ) {
    return [];
  }
  return [
    {
      rule: 'ratio-by-its-own-label',
      type: 'false-alarm',
      score: 8.5,
      isProven: true,
      statement: `False alarm: the rule (its PromQL expression) is wrong. Numerator and denominator are both grouped by the label ${label}, which the numerator filters on, so that each series is divided by itself: the ratio is 100 % as soon as there is a single one.`,
      evidence: distinct(own.map(({ evidence }) => evidence)),
      steps: [
        `Take ${label} out of the grouping of both sides (sum by without ${label}), so that the ratio is of all requests; ${SILENCE}`,
      ],
    },
  ];
}

/** A Job that got there in the end, whose failed attempts are still counted. */
function retriedJob({
  document,
  metrics,
  objects,
  text,
}: Situation): Candidate[] {
  const job = objects.find(
    ({ kind, raw }) =>
      kind === 'Job' &&
      (numberAt(raw, 'status', 'failed') ?? 0) > 0 &&
      (numberAt(raw, 'status', 'succeeded') ?? 0) > 0 &&
      listAt(raw, 'status', 'conditions').some(
        each =>
          isJson(each) && each.type === 'Complete' && each.status === 'True',
      ),
  );
  if (!job || !/kube_job|job.{0,20}fail/i.test(text)) {
    return [];
  }
  const failed = numberAt(job.raw, 'status', 'failed');
  return [
    {
      rule: 'job-retried',
      type: 'false-alarm',
      score: 9,
      isProven: true,
      statement: `False alarm, no impact: the Job ${job.name} is Complete (succeeded). The rule counts failed pods, of which there are ${failed} from attempts that were retried, and not failed Jobs.`,
      evidence: distinct([
        ...document.find(job, 'conditions[Complete]'),
        ...document.find(job, 'failed='),
        ...metrics
          .filter(({ expression }) => /job_status|job_failed/.test(expression))
          .map(({ evidence }) => evidence),
      ]),
      steps: [
        `Let the rule ask for failed Jobs (kube_job_failed{condition="true"}) instead of failed pods (kube_job_status_failed); ${SILENCE}`,
      ],
    },
  ];
}

const ROOM = 0.2;

/** A forecast that draws on what lasts an hour only. */
function extrapolated({ expression = '', metrics }: Situation): Candidate[] {
  const share = metrics.find(
    ({ expression: each, isOfAlert, trend }) =>
      !isOfAlert &&
      /avail|free|used|usage/.test(each) &&
      each.includes('/') &&
      trend.low >= 0 &&
      trend.peak <= 1 &&
      (/used|usage/.test(each) ? 1 - trend.peak : trend.low) >= ROOM,
  );
  const own = metrics.find(({ isOfAlert }) => isOfAlert);
  if (!/predict_linear|deriv\(|holt_winters/.test(expression) || !share) {
    return [];
  }
  const isUsed = /used|usage/.test(share.expression);
  const left = isUsed ? 1 - share.trend.peak : share.trend.low;
  return [
    {
      rule: 'forecast',
      type: 'false-alarm',
      score: 7.5,
      isProven: true,
      statement: `False alarm, no impact: the rule draws a short trend on into the future (predict_linear), while ${Math.round(100 * left)} % is still free at the lowest; what grows now (a job, a backup) need not go on.`,
      evidence: distinct([share.evidence, ...(own ? [own.evidence] : [])]),
      steps: [
        `Let the rule look at a longer window (6h) and ask for a threshold of what is free too (< 15 %); ${SILENCE}`,
      ],
    },
  ];
}

/** Alerts whose rule asks for something else than what hurts. */
export const ruleCauses = (situation: Situation): Candidate[] => [
  ...oldPush(situation),
  ...scaledAsWanted(situation),
  ...pinned(situation),
  ...retriedJob(situation),
  ...dividesByItself(situation),
  ...extrapolated(situation),
];
