// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { distinct, lineEvidence } from './helpers';
import type { Candidate } from './types';

/** Quantiles and shares: of few requests one decides. */
const OF_SHARE =
  /quantile|p9\d|p50|ratio|percent|rate\([^\n]{1,400}\/[^\n]{0,40}rate\(/i;
const COUNTS = /increase\(|count|requests?|traffic|rate\(/i;
/** In the window of the alert. */
const FEW = 10;
const FELL_TO = 0.2;

/** A quantile of a handful of requests is that of its slowest bucket, not of what users wait. */
export function fewRequestsCauses(situation: Situation): Candidate[] {
  const { alert, containers, groups, metrics, text } = situation;
  if (!OF_SHARE.test(text) && !OF_SHARE.test(situation.expression ?? '')) {
    return [];
  }
  const few = metrics.find(
    ({ expression, isOfAlert, labels, trend }) =>
      !isOfAlert &&
      labels.le === undefined &&
      /increase\(|count/.test(expression) &&
      COUNTS.test(expression) &&
      trend.after <= FEW &&
      trend.before > 0 &&
      trend.after <= trend.before * FELL_TO,
  );
  const subjects = containers.filter(({ isOfSubject }) => isOfSubject);
  const isWell = subjects.every(
    ({ terminated, waiting }) => !terminated && !waiting,
  );
  const errors = groups.some(
    ({ isError, isOfSubject }) => isError && isOfSubject,
  );
  if (!few || !isWell || errors) {
    return [];
  }
  const others = metrics.filter(
    ({ isOfAlert, kind, trend }) =>
      !isOfAlert &&
      (kind === 'latency' || kind === 'errors') &&
      trend.direction !== 'up',
  );
  const well = groups.find(
    ({ isOfSubject, line }) =>
      isOfSubject && /\b200\b|completed|ok\b/i.test(line.text),
  );
  return [
    {
      rule: 'few-requests',
      type: 'false-alarm',
      score: 7 + (others.length > 0 ? 1 : 0),
      isProven: true,
      statement: `False alarm, no user is affected: only ${figure(few.trend.after)} requests fall into the window of ${alert.labels.alertname ?? 'the alert'} (${figure(few.trend.before)} before), and of so few samples a quantile or share is decided by one request or by the bound of a bucket. The log has no error${others[0] ? `, and ${others[0].expression.slice(0, 60)} stays at ${figure(others[0].trend.after)}` : ''}.`,
      evidence: distinct([
        few.evidence,
        ...others.slice(0, 1).map(({ evidence }) => evidence),
        ...(well ? [lineEvidence(well.log, well.line)] : []),
        ...metrics
          .filter(({ isOfAlert }) => isOfAlert)
          .map(({ evidence }) => evidence),
      ]),
      steps: [
        'Let the alert ask for a minimum of requests (… and sum(increase(…_count[5m])) > 20), or a longer window; silence it until then. No other action is due.',
      ],
    },
  ];
}
