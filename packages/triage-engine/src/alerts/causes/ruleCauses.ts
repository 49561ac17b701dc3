// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { isJson, listAt } from '../read/json';
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
  ...extrapolated(situation),
];
