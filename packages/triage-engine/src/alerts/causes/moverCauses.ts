// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import { duration } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { valueOf } from '../facts/measure';
import { distinct, ownRollouts, rolloutSentence } from './helpers';
import type { Candidate } from './types';

/** A metric whose movement explains others. */
interface Mover {
  pattern: RegExp;
  /** Where it has to go to explain them. */
  to: 'up' | 'down' | 'any';
  says: string;
  step: string;
  type: FailureType;
  score: number;
}

const MOVERS: Mover[] = [
  {
    pattern: /evict/i,
    to: 'up',
    says: 'The cache evicts entries, since its memory is full (maxmemory): answers that used to come from it have to be made again, and what is behind it takes that load',
    step: 'Give the cache more memory (maxmemory), or make its entries smaller or fewer; roll back what made them larger.',
    type: 'latency',
    score: 6.2,
  },
  {
    pattern: /hit(?:s|_rate|_ratio|rate)?\b|keyspace_hits|cache_hit/i,
    to: 'down',
    says: 'The cache hit rate fell: answers that used to come from the cache have to be made again, and what is behind it takes that load',
    step: 'Find what emptied or bypasses the cache (restart, eviction, new keys, TTL), and warm it up.',
    type: 'latency',
    score: 6,
  },
  {
    pattern: /miss(?:es)?(?:_total)?\b/i,
    to: 'up',
    says: 'The cache misses more than before: what is behind it takes that load',
    step: 'Find what emptied or bypasses the cache (restart, eviction, new keys, TTL), and warm it up.',
    type: 'latency',
    score: 5.8,
  },
  {
    pattern: /gc_|garbage|_gc\b|jvm_gc/i,
    to: 'up',
    says: 'Garbage collection takes more of the time: the heap is too small for what it holds',
    step: 'Give the heap more room within the limit, or look at what grows in it.',
    type: 'latency',
    score: 5.6,
  },
  {
    pattern:
      /connections?(?:_active|_in_use|_used)?\b|pg_stat_activity|threads_connected|pool_(?:in_use|usage|wait|pending)|checked_?out|numbackends/i,
    to: 'up',
    says: 'More connections are held than before: calls wait for a free one',
    step: 'Find who holds the connections (slow queries, leak, more replicas), and raise or share the pool.',
    type: 'upstream',
    score: 5.5,
  },
  {
    pattern: /iowait|io_time|disk_io|fs_io|iops|io_util/i,
    to: 'up',
    says: 'The disk of the node is busy: reads and writes wait',
    step: 'Find who reads or writes (neighbour, backup, swap), and move it or the pod.',
    type: 'infrastructure',
    score: 5.5,
  },
  {
    pattern:
      /retrans|packets?_drop|receive_drop|transmit_drop|conntrack|coredns|dns_/i,
    to: 'up',
    says: 'The network or the name resolution loses or delays packets',
    step: 'Look at the node and the name servers that this metric names.',
    type: 'network',
    score: 5.5,
  },
  {
    pattern:
      /sm_clock|clocks?_event|clock_throttle|power_violation|thermal_violation|gpu_temp/i,
    to: 'any',
    says: 'The GPU runs slower (clock, power or temperature)',
    step: 'Look at cooling and power limit of the node; cordon it and move the pod.',
    type: 'hardware',
    score: 5.6,
  },
  {
    pattern:
      /(?:prompt|input|request|payload|sequence|token|batch|body|message)_?(?:tokens|length|len|size|bytes)/i,
    to: 'up',
    says: 'Requests got larger: each takes longer to process',
    step: 'Find the caller that sends the larger requests; limit their size, or give them a replica of their own.',
    type: 'model-input',
    score: 5.5,
  },
  {
    pattern:
      /(?:upstream|dependency|external|downstream|db_|database|pg_|mysql|mongo|redis|feast|feature_store|s3_|minio|vault|kafka)[\s\S]{0,120}(?:duration|latency|seconds|time|p9\d|quantile)|histogram_quantile[\s\S]{0,200}(?:upstream|dependency|redis|db_|pg_|feature_store|feast)/i,
    to: 'up',
    says: 'What the service calls got slow',
    step: 'Look at the service that this metric names: its own load, changes and logs.',
    type: 'upstream',
    score: 5.6,
  },
];

/** May move before what it causes so long. */
const BEFORE = 45 * 60_000;
const FACTOR = 1.5;

/** By how much a series changed, as a factor. */
function factorOf({ trend: { before, after, peak, shape } }: Measured): number {
  const now = shape === 'ramp' ? peak : after;
  const [less, more] = [Math.abs(before), Math.abs(now)].sort((a, b) => a - b);
  if (more < 1e-9) {
    return 1;
  }
  // From nothing to something.
  return less < 1e-9 ? 100 : more / less;
}

const goesTo = ({ trend: { before, after } }: Measured) =>
  after >= before ? 'up' : 'down';

const nameOf = ({ expression }: Measured) =>
  /[a-zA-Z_:][\w:]{6,100}(?=\{|\[|\)|\s|$)/.exec(expression)?.[0] ??
  expression.slice(0, 80);

interface Moved {
  series: Measured;
  mover: Mover;
  at: number;
}

/** Metrics that left what they were when, or before, what the alert measures did. */
export function moverCauses(situation: Situation): Candidate[] {
  const { metrics, onset, start } = situation;
  const own = metrics.filter(({ isOfAlert }) => isOfAlert);
  const isMeasured = own.some(({ trend }) => trend.changedAt !== undefined);
  const moved = metrics.flatMap((series): Moved[] => {
    const { shape, peakAt, changedAt } = series.trend;
    // What grew until then reached its limit then.
    const at =
      shape === 'ramp' && Math.abs(peakAt - onset) < BEFORE / 3
        ? Math.min(peakAt, onset)
        : changedAt;
    const mover = MOVERS.find(
      ({ pattern, to }) =>
        pattern.test(series.expression) &&
        (to === 'any' || to === goesTo(series)),
    );
    return mover &&
      at !== undefined &&
      !series.isOfAlert &&
      at <= onset + 60_000 &&
      at >= onset - BEFORE &&
      factorOf(series) >= FACTOR
      ? [{ series, mover, at }]
      : [];
  });
  const [best] = moved.sort(
    (a, b) => b.mover.score - a.mover.score || a.at - b.at,
  );
  if (!best) {
    return [];
  }
  const { series, mover, at } = best;
  const others = moved.filter(each => each !== best).slice(0, 2);
  const [rollout] = ownRollouts(situation).filter(
    each => each.at <= at + 60_000 && at - each.at < BEFORE,
  );
  const tell = ({ series: each }: Moved) =>
    `${nameOf(each)} ${valueOf(each, each.trend.before)} → ${valueOf(each, each.trend.shape === 'ramp' ? each.trend.peak : each.trend.after)}`;
  return [
    {
      rule: 'metric-moved-before',
      type: mover.type,
      score: mover.score + (others.length > 0 ? 0.3 : 0),
      isProven:
        isMeasured &&
        (onset - at >= 60_000 || others.length > 0 || factorOf(series) >= 3),
      statement: `${mover.says}: ${tell(best)}, ${duration(start - at)} before the alert${onset - at >= 60_000 ? ` and ${duration(onset - at)} before what the alert measures changed` : ''}${others.length > 0 ? `; with it ${others.map(tell).join(' and ')}` : ''}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        series.evidence,
        ...others.map(each => each.series.evidence),
        ...(rollout?.evidence ?? []),
        ...own.slice(0, 1).map(({ evidence }) => evidence),
      ]),
      steps: [
        mover.step,
        ...(rollout
          ? [`Roll back ${rollout.of.name} if it began with it.`]
          : []),
      ],
    },
  ];
}
