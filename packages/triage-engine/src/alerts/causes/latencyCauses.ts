// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import { median } from '../facts/trend';
import type { Measured, Situation } from '../facts/types';
import { textAt } from '../read/json';
import type { ContainerLog, TimedLine } from '../read/readLogs';
import {
  distinct,
  lineEvidence,
  linesLike,
  measuredAs,
  ownRollouts,
  rolloutSentence,
} from './helpers';
import { keepAliveCauses } from './keepAliveCauses';
import type { Candidate } from './types';

/** `CredentialsRequestTime=[860.1]`, `db_ms=12`, `took=1.4s` */
const PART =
  /\b([A-Za-z][\w.]{2,40}?)[=:] ?["[]?(\d{1,9}(?:\.\d{1,9})?)(ms|s|µs)?["\]]?(?=[,\s;)}]|$)/g;
const IS_TIME =
  /time|_ms|ms$|latency|duration|took|elapsed|wait|secs?$|seconds|delay/i;
const IS_TOTAL =
  /total|execute|request_?time$|^duration$|elapsed|took|overall|response|latency$/i;
const LEAST = 6;
/** Alerts that speak of time. */
const SLOW = /latency|slow|p9\d|p50|duration|time[d ]?out|seconds|504/i;

const UNITS: Record<string, number> = { s: 1000, ms: 1, µs: 0.001 };

interface Timed {
  line: TimedLine;
  parts: Map<string, number>;
}

function readParts(line: TimedLine): Timed | undefined {
  const parts = new Map<string, number>();
  for (const [, name, value, unit] of line.text.slice(0, 1500).matchAll(PART)) {
    if (IS_TIME.test(name) || unit) {
      parts.set(name, Number(value) * (UNITS[unit] ?? 1));
    }
  }
  return parts.size >= 2 ? { line, parts } : undefined;
}

/** The part that makes slow calls slow, where lines tell how long each part took. */
function slowPart(log: ContainerLog, isSlow: boolean): Candidate[] {
  const timed = log.lines.flatMap(line => readParts(line) ?? []);
  if (timed.length < LEAST) {
    return [];
  }
  const sums = timed.map(({ parts }) => Math.max(...parts.values()));
  const typical = median(sums);
  const slow = timed.filter((_, index) => sums[index] > 4 * typical);
  if (slow.length < 2) {
    return [];
  }
  const names = [...new Set(slow.flatMap(({ parts }) => [...parts.keys()]))];
  const explained = names.flatMap(name => {
    const here = slow.flatMap(({ parts }) => parts.get(name) ?? []);
    const rest = timed
      .filter(each => !slow.includes(each))
      .flatMap(({ parts }) => parts.get(name) ?? 0);
    const share = median(
      slow.map(
        ({ parts }) => (parts.get(name) ?? 0) / Math.max(...parts.values()),
      ),
    );
    return here.length >= slow.length / 2
      ? [
          {
            name,
            share,
            slow: median(here),
            typical: rest.length > 0 ? median(rest) : 0,
          },
        ]
      : [];
  });
  // The whole call is no part of itself.
  const whole = explained.filter(
    ({ share, name }) =>
      share > 0.999 &&
      IS_TOTAL.test(name) &&
      explained.some(each => each.name !== name && each.share > 0.5),
  );
  const [part] = explained
    .filter(each => !whole.includes(each) && each.share > 0.5)
    .sort((a, b) => b.share - a.share);
  const others = explained.filter(
    each => each !== part && !whole.includes(each),
  );
  const [first] = slow;
  if (!part) {
    return [];
  }
  const spent = part.name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_.]/g, ' ')
    .toLowerCase();
  return [
    {
      rule: 'slow-part',
      type: 'latency',
      score: isSlow ? 8 : 4,
      isProven: isSlow,
      statement: `Slow requests wait in one part: ${part.name} takes ${figure(part.slow)} ms of them (otherwise ${figure(part.typical)} ms)${
        others[0]
          ? `, while ${others
              .slice(0, 2)
              .map(
                ({ name, slow: value }) =>
                  `${name} stays at ${figure(value)} ms`,
              )
              .join(' and ')}`
          : ''
      }: the time is spent on ${spent}, synchronously inside the request, and not in the call that the alert suspects.`,
      evidence: distinct([
        lineEvidence(log, first.line),
        ...slow.slice(1, 3).map(({ line }) => lineEvidence(log, line)),
      ]),
      steps: [
        `Take ${spent} out of the request path: refresh or cache it asynchronously in the background, or upgrade the client library (SDK) that does it.`,
        'Record each part as a metric of its own.',
      ],
    },
  ];
}

/** Whether a series is of a pod that came while others were already measured. */
const isNewSeries = ({ points }: Measured, { metrics }: Situation) =>
  metrics.some(
    each => each.points[0]?.[0] < (points[0]?.[0] ?? 0) - 10 * 60_000,
  );

/** The CPU limit holds a busy container back. */
function throttled(situation: Situation): Candidate[] {
  const [throttle] = measuredAs(situation, 'throttling').sort(
    (a, b) => b.trend.peak - a.trend.peak,
  );
  const slow = measuredAs(situation, 'latency', 'errors').find(
    ({ trend }) => trend.direction === 'up' && trend.shape !== 'flat',
  );
  const limited = situation.containers.filter(
    ({ isOfSubject, cpuLimit }) => isOfSubject && cpuLimit,
  );
  const container =
    limited.find(({ name }) => name === throttle?.labels.container) ??
    limited[0];
  const cpu = measuredAs(situation, 'cpu').find(
    ({ expression, labels }) =>
      /usage/.test(expression) &&
      (labels.container === undefined || labels.container === container?.name),
  );
  const isAtLimit =
    cpu &&
    container?.cpuLimit &&
    cpu.trend.peak > 0.85 * container.cpuLimit &&
    // What it used all along made nothing slower.
    cpu.trend.before < 0.85 * container.cpuLimit;
  if (
    !slow ||
    !container ||
    !(
      isAtLimit ||
      (throttle &&
        throttle.trend.peak > 0.25 &&
        (throttle.trend.direction === 'up' || isNewSeries(throttle, situation)))
    )
  ) {
    return [];
  }
  const [rollout] = ownRollouts(situation);
  const threads = linesLike(
    situation,
    /OMP_NUM_THREADS|num_threads|intra_op|Torch parallelism|threads?[=: ]\d/i,
  )[0];
  const load = measuredAs(situation, 'traffic').find(
    ({ trend, isOfAlert }) => !isOfAlert && trend.direction === 'up',
  );
  const limit = textAt(container.spec, 'resources', 'limits', 'cpu');
  return [
    {
      rule: 'cpu-throttled',
      type: 'throttling',
      score: 6.5 + (rollout ? 0.5 : 0) + (throttle ? 0.5 : 0),
      // What makes it busier than before has to be known.
      isProven: Boolean(rollout ?? load ?? threads),
      statement: `CPU throttling: the container ${container.name} hits its CPU limit of ${limit}${cpu ? ` (${figure(cpu.trend.before)} → ${figure(cpu.trend.after)} cores)` : ''}${throttle ? ` and is throttled in ${Math.round(100 * throttle.trend.peak)} % of the periods` : ''}, so that each request takes longer.${load ? ` Traffic rose from ${figure(load.trend.before)} to ${figure(load.trend.after)}.` : ''}${threads ? ' More threads than CPUs make it worse.' : ''}${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...situation.document.find(
          container.pod,
          `[${container.name}].resources.limits`,
        ),
        ...(throttle ? [throttle.evidence] : []),
        ...(cpu ? [cpu.evidence] : []),
        ...(threads ? [lineEvidence(threads.log, threads.line)] : []),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [
        'Raise or remove the CPU limit, or add replicas; set the number of threads (OMP_NUM_THREADS) to the CPUs of the limit.',
        ...(rollout ? [`Roll back ${rollout.of.name}.`] : []),
      ],
    },
  ];
}

/** What makes answers slow or lost on the way. */
export function latencyCauses(situation: Situation): Candidate[] {
  return [
    ...situation.logs.flatMap(log => slowPart(log, SLOW.test(situation.text))),
    ...keepAliveCauses(situation),
    ...throttled(situation),
  ];
}
