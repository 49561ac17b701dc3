// SPDX-License-Identifier: Apache-2.0
import { duration, figure } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { listAt, textAt } from '../read/json';
import {
  distinct,
  eventsLike,
  isReadyPod,
  lineEvidence,
  linesLike,
  measuredAs,
} from './helpers';
import type { Candidate } from './types';

/** Gauges that say what came last, not what is: nothing sets them back but a restart. */
const LAST_VALUE =
  /XID_ERRORS\b|xid_errors?\b|_last_(?:error|xid|status|exit)\w{0,20}/i;
/** Of what a process did, as NVIDIA's catalogue has it; the GPU itself is well. */
const OF_APPLICATION = new Set([13, 31, 43, 45]);
const FAULT = /ECC|REMAP|ROW_REMAP|RETIRED|VIOLATION|NVLINK\w{0,30}ERROR/i;
const OLD = 3600_000;
const WINDOW = 30 * 60_000;

const isConstant = ({ points }: Measured) =>
  points.every(([, value]) => value === points[0][1]);

/** The rule by which it fires, where it is new. */
function newRule({ objects, start, alert }: Situation) {
  return objects.find(
    ({ kind, createdAt, raw }) =>
      kind === 'PrometheusRule' &&
      createdAt !== undefined &&
      createdAt <= start &&
      start - createdAt < OLD &&
      listAt(raw, 'spec', 'groups').some(group =>
        listAt(group, 'rules').some(
          rule => textAt(rule, 'alert') === alert.labels.alertname,
        ),
      ),
  );
}

/** A gauge that keeps what it was set to long ago, while all is well. */
export function lastValueCauses(situation: Situation): Candidate[] {
  const { metrics, document, start, containers } = situation;
  const own = metrics.find(
    ({ isOfAlert, expression, points, trend }) =>
      isOfAlert &&
      LAST_VALUE.test(expression) &&
      !/increase|rate|delta|changes/.test(expression) &&
      trend.after > 0 &&
      points[0][0] < start - WINDOW,
  );
  if (!own || !isConstant(own)) {
    return [];
  }
  const code = own.trend.after;
  const isXid = /xid/i.test(own.expression);
  const told = isXid
    ? linesLike(
        situation,
        new RegExp(`\\bXid\\b[^\\n]{0,40}\\b${code}\\b`, 'i'),
      )
    : [];
  const [old] = told.filter(
    ({ line, last }) => (last.time ?? line.time ?? start) < start - OLD,
  );
  const isRecent = told.some(
    ({ last, line }) => (last.time ?? line.time ?? 0) >= start - WINDOW,
  );
  const rule = newRule(situation);
  const hasFault = metrics.some(
    ({ expression, trend, labels }) =>
      FAULT.test(expression) &&
      (labels.gpu === undefined || labels.gpu === own.labels.gpu) &&
      trend.after > 0,
  );
  const works = [
    ...metrics.filter(
      ({ expression, trend, labels }) =>
        /GPU_UTIL|gpu_utili[sz]ation/.test(expression) &&
        (labels.gpu === undefined || labels.gpu === own.labels.gpu) &&
        trend.after > 0,
    ),
    ...measuredAs(situation, 'traffic').filter(
      ({ trend, isOfAlert }) => !isOfAlert && trend.after > 0,
    ),
  ].filter(({ trend }) => trend.direction !== 'down');
  const isIll = containers.some(
    ({ pod, waiting }) =>
      waiting !== undefined && !isReadyPod(situation, pod.name),
  );
  if (
    (isXid && !OF_APPLICATION.has(code)) ||
    isRecent ||
    hasFault ||
    isIll ||
    works.length === 0
  ) {
    return [];
  }
  const [reloaded] = eventsLike(situation, /Reloaded?: [^\n]{0,80}rule/i, 0);
  const isProven = old !== undefined || rule !== undefined;
  const age = old ? start - (old.line.time ?? start) : start - own.points[0][0];
  return [
    {
      rule: 'gauge-keeps-last-value',
      type: 'false-alarm',
      score: isProven ? 9 : 6,
      isProven,
      statement: `False alarm: the gauge ${own.expression.slice(0, 60)} keeps the last value it was set to (${figure(code)}${isXid ? `, an XID that an application provokes` : ''}) until the exporter is restarted; it is ${old ? `${duration(age)} old` : `older than ${duration(age)}`}, and none came since. ${isXid ? 'The GPU' : 'All'} works: ${works[0].expression.slice(0, 60)} is ${figure(works[0].trend.after)}.${rule?.createdAt ? ` The rule fires now since ${rule.name} was added ${duration(start - rule.createdAt)} before the alert.` : ''}`,
      evidence: distinct([
        own.evidence,
        ...(old ? [lineEvidence(old.log, old.line)] : []),
        ...document.find(rule, 'expr='),
        works[0].evidence,
        ...(reloaded ? [reloaded.evidence] : []),
        ...told.map(({ log, line }) => lineEvidence(log, line)),
      ]),
      steps: [
        `Let the rule ask what is new instead of what came last (${isXid ? 'DCGM_EXP_XID_ERRORS_COUNT, or ' : ''}changes() of the gauge over the last minutes)${isXid ? ' and leave the XIDs of applications (13, 31, 43, 45) out' : ''}; silence it until then.`,
        'Restart the exporter to set the gauge back; no other action is due.',
      ],
    },
  ];
}
