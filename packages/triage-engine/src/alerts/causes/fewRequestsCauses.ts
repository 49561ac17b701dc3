// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { distinct, lineEvidence } from './helpers';
import type { Candidate } from './types';

/** Quantiles and shares: of few requests one decides. */
const OF_SHARE =
  /quantile|p9\d|p50|ratio|percent|psi\b|_psi|psi_|drift|distribution|wasserstein|rate\([^\n]{1,400}\/[^\n]{0,40}rate\(/i;
const COUNTS = /increase\(|count|requests?|traffic|rate\(/i;
/** In the window of the alert. */
const FEW = 10;
const FELL_TO = 0.2;
const NEAR = 10 * 60_000;

/** Whether a series says that only a handful of requests came around the alert. */
function isFew(series: Measured, start: number): boolean {
  const { expression, isOfAlert, labels, trend, points } = series;
  const near = points.filter(([time]) => Math.abs(time - start) <= NEAR);
  if (
    isOfAlert ||
    labels.le !== undefined ||
    !COUNTS.test(expression) ||
    /error|fail|[45]xx|[=~"][45]\.\.|quantile|restarts|kube_|replicas|up\b/i.test(
      expression,
    ) ||
    near.length === 0
  ) {
    return false;
  }
  const most = Math.max(...near.map(([, value]) => value));
  // In the window of the function, not by the second.
  return /increase\(/.test(expression)
    ? most > 0 && most <= FEW
    : /count/.test(expression) &&
        !/rate\(/.test(expression) &&
        trend.after <= FEW &&
        trend.before > 0 &&
        trend.after <= trend.before * FELL_TO;
}

/** A quantile of a handful of requests is that of its slowest bucket, not of what users wait. */
export function fewRequestsCauses(situation: Situation): Candidate[] {
  const { alert, containers, groups, metrics, start, text } = situation;
  if (!OF_SHARE.test(text) && !OF_SHARE.test(situation.expression ?? '')) {
    return [];
  }
  const few = metrics.find(each => isFew(each, start));
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
      isOfSubject && /\b(?:200|404)\b|completed|ok\b/i.test(line.text),
  );
  return [
    {
      rule: 'few-requests',
      type: 'false-alarm',
      score: 7 + (others.length > 0 ? 1 : 0),
      isProven: true,
      statement: `False alarm, no user is affected: only a few requests (${figure(few.trend.after)}, before ${figure(few.trend.before)}) fall into the window of ${alert.labels.alertname ?? 'the alert'}, and of so few samples a quantile or share is decided by one request or by the bound of a bucket. The log has no error${others[0] ? `, and ${others[0].expression.slice(0, 60)} stays at ${figure(others[0].trend.after)}` : ''}.`,
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
