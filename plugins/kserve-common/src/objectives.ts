// SPDX-License-Identifier: Apache-2.0

/**
 * How fast the budget is used up in one window: 1 uses it up in exactly the objective's
 * days.
 *
 * @public
 */
export interface KserveBurnRate {
  /** As the rule's record names it, e.g. `30m`. */
  window: string;
  /** Absent where no request was measured in it. */
  rate?: number;
}

/**
 * A long window and a short one that a rule looks at together. `long-only`: the long one is
 * above the threshold, but it does not go on. `over`: both are, and the rule has not told
 * of it (yet). `pending`, `firing`: the rule's alert is in that state.
 *
 * @public
 */
export interface KserveBurnRatePair {
  /** Name of the alert. */
  alert: string;
  severity?: string;
  long: KserveBurnRate;
  short: KserveBurnRate;
  /** Burn rate above which it alerts. */
  threshold: number;
  /** In the long window. */
  requests?: number;
  state: 'calm' | 'long-only' | 'over' | 'pending' | 'firing';
  /** Since when it is pending or fires; ms since 1970. */
  since?: number;
}

/**
 * What was counted in the days of the objective, or since there is something to count.
 *
 * @public
 */
export interface KserveObjectiveCount {
  requests: number;
  /** Those that took too long or ended in an error of the server. */
  bad: number;
  /** ms since 1970. */
  since?: number;
}

/**
 * An objective of a model as the rules of Prometheus have it, and how it is kept.
 *
 * @public
 */
export interface KserveObjective {
  kind: 'latency' | 'errors';
  /** Share of the requests that are good, 0 to 1, e.g. `0.995`. */
  target: number;
  days: number;
  /** Of `latency`: what takes longer is not good. */
  thresholdMs?: number;
  /** Absent where no request was measured yet. */
  counted?: KserveObjectiveCount;
  /**
   * Share of the budget that is left: 1 is all of it, below 0 it is overspent. Absent where there
   * is too little traffic to say: fewer than ten bad requests are allowed, and fewer were counted.
   */
  budgetLeft?: number;
  /** The most urgent first. */
  pairs: KserveBurnRatePair[];
}

/**
 * Answer of `GET …/inference-services/:cluster/:namespace/:service/objectives`.
 *
 * @public
 */
export interface KserveObjectivesResponse {
  /** Whether a Prometheus is configured for the service's cluster. */
  configured: boolean;
  /** Empty without `errors` means: Prometheus has no rules of objectives. */
  items: KserveObjective[];
  /** For people, one line each: what Prometheus did not tell. */
  errors: string[];
}
