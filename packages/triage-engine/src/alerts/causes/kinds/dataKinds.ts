// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';

/** Data, its stores and its streams. */
export const DATA_KINDS: LineKind[] = [
  {
    id: 'database-schema',
    type: 'errors',
    pattern:
      /UndefinedColumn|UndefinedTable|(?:column|relation|table|field) "?(?<what>[\w.]{1,80})"? (?:of relation \S{1,60} )?does not exist|[Nn]o such (?:column|table): ?(?<what2>[\w.]{1,80})|Unknown column '(?<what3>[\w.]{1,80})'|Table '(?<what4>[\w.]{1,80})' doesn't exist|[Pp]ending migrations?|Can't locate revision identified by|schema version (?:mismatch|\d{1,6} is)/,
    say: 'The code needs a database schema that the database does not have: {what|a column or table} is missing, since the migration was not run (or ran ahead of the code)',
    steps: [
      'Run the migration that adds it, or roll back to the previous image until it has run.',
      'Let a rollout wait for its migration.',
    ],
    weight: 6.5,
  },
  {
    id: 'stale-features',
    type: 'drift',
    pattern:
      /stale (?:feature|data|online store)|features?\b[^\n]{0,80}\b(?:is|are|was) (?:stale|outdated|too old|expired|missing|null)|older than (?:the )?(?:ttl|max[_ ]age)|(?:[Ll]ast|latest) (?:successful )?(?:materiali[sz]ation|refresh|sync|ingest(?:ion)?|partition)[^\n]{0,80}|[Uu]s(?:ing|ed) (?:the )?defaults?(?: values?)? for[^\n]{0,80}|defaults? (?:value )?used for[^\n]{0,80}|default(?:ed|ing)? to (?:0|zero|mean|median|null)|imput(?:ed|ing) (?:missing|null|\d)|null(?:_| )?(?:ratio|rate|share|fraction)[=: ]{1,2}(?<got>0?\.\d{1,6}|1(?:\.0)?|\d{1,3}%)|outside (?:of )?(?:the )?(?:training|expected) (?:range|distribution)/,
    say: 'The features that the model gets are stale or missing (an upstream pipeline or materialisation stopped or changed), and defaults stand in for them ({got}), so that predictions shift',
    steps: [
      'Repair the feature pipeline (materialisation, source, join), and backfill; compare the features with those of the training.',
      'Alert on the freshness and null share of features, not only on predictions.',
    ],
    weight: 5,
  },
  {
    id: 'consumer-rebalance',
    type: 'latency',
    pattern:
      /CommitFailedException|max\.poll\.interval\.ms|(?:[Gg]roup|consumer)[^\n]{0,80} rebalanc|(?:leaving|left) group|REBALANCE_IN_PROGRESS|revoked partitions/,
    say: 'The consumer group rebalances again and again (processing a batch takes longer than max.poll.interval.ms), and meanwhile nothing is consumed: the lag grows',
    steps: [
      'Process fewer records per poll or raise max.poll.interval.ms; use static membership or cooperative rebalancing.',
    ],
    weight: 5.5,
  },
  {
    id: 'series-limit',
    type: 'errors',
    pattern:
      /per-user series limit|series limit (?:of \d{1,9} )?(?:exceeded|reached)|sample limit exceeded|max-series-per-user|label_limit|high cardinality|too many (?:active )?series|err-mimir-max-series/,
    say: 'Too many time series (high cardinality of a label): the limit of the monitoring is reached, and samples are dropped',
    steps: [
      'Find the metric and label with the most values (TSDB status), and drop or aggregate it; raise the limit only after that.',
    ],
    weight: 6.5,
  },
  {
    id: 'rule-evaluation',
    type: 'configuration',
    pattern:
      /many-to-many matching not allowed|found duplicate series for the match group|multiple matches for labels|Evaluating rule failed/,
    say: 'A recording or alerting rule cannot be evaluated: the join of its series is ambiguous (duplicate series, for example two exporters or pods for one target)',
    steps: [
      'Remove the duplicate source, or aggregate before the join (on, group_left) so that each side has one series.',
    ],
    weight: 6.5,
  },
  {
    id: 'system-oom',
    type: 'out-of-memory',
    pattern:
      /System OOM encountered, victim process: (?<what>[\w.-]{1,60})|SystemOOM|oom-kill:constraint=CONSTRAINT_NONE/,
    say: 'The node itself ran out of memory (System OOM), and the kernel killed {what|a process}: the pods on the node use more than the node has, since requests are lower than use',
    steps: [
      'Set memory requests to what pods really use, reserve memory for the system, and move or limit the largest pod of the node.',
    ],
    weight: 6.5,
  },
  {
    id: 'disruption-budget',
    type: 'rollout',
    pattern:
      /violate the pod's disruption budget|[Cc]annot evict pod|disruption budget[^\n]{0,60}(?:needs|prevents|does not allow)/,
    say: 'A PodDisruptionBudget forbids every eviction (minAvailable as high as the number of replicas), so that nodes cannot be drained and the rollout or upgrade hangs',
    steps: [
      'Allow at least one disruption (maxUnavailable 1, or more replicas than minAvailable).',
    ],
    weight: 6.5,
  },
  {
    id: 'image-large',
    type: 'image-pull',
    pattern:
      /Successfully pulled image [^\n]{0,200} in (?<got>\d{1,3}m[\d.]{1,8}s|[2-9]\d\d(?:\.\d{1,9})?s)/,
    say: 'Pulling the large image took {got}, so that new pods are ready only long after they are needed',
    steps: [
      'Make the image smaller or keep it on the nodes (pre-pull, cache, lazy pulling); keep a warm replica.',
    ],
    weight: 5,
  },
];
