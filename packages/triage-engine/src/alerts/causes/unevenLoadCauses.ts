// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { distinct, lineEvidence, linesLike } from './helpers';
import type { Candidate } from './types';

/** So many pods, so that an idle one is no chance. */
const LEAST_PODS = 3;
/** Of the busiest one's load. */
const IDLE = 0.1;
const HELD =
  /pick_first|sub-?channels?\b|lb_policy|grpc|http\/?2|keep-?alive|long-lived|persistent connection/i;
const OF_LOAD = /request|util|connections|cpu|traffic/i;
/** How long something took is no load. */
const OF_TIME = /queue|duration|latency|seconds_sum|_us\b|quantile/i;

/** Series of one expression, by pod; of a pod that is new the later ones count. */
function* byPod({ metrics }: Situation): Generator<Measured[]> {
  const groups = new Map<string, Measured[]>();
  for (const each of metrics) {
    if (
      each.labels.pod &&
      OF_LOAD.test(each.expression) &&
      !OF_TIME.test(each.expression)
    ) {
      groups.set(each.expression, [
        ...(groups.get(each.expression) ?? []),
        each,
      ]);
    }
  }
  yield* groups.values();
}

/**
 * Some pods have all of the load and others none: what callers opened before the others
 * came stays where it is.
 */
export function unevenLoadCauses(situation: Situation): Candidate[] {
  for (const series of byPod(situation)) {
    const highest = Math.max(...series.map(({ trend }) => trend.after));
    const busy = series.filter(({ trend }) => trend.after > highest / 2);
    const idle = series.filter(({ trend }) => trend.after <= highest * IDLE);
    if (
      series.length < LEAST_PODS ||
      highest <= 0 ||
      idle.length < series.length / 2 ||
      busy.length + idle.length < series.length
    ) {
      continue;
    }
    const [held] = linesLike(situation, HELD);
    return [
      {
        rule: 'uneven-load',
        type: 'network',
        score: held ? 9 : 7,
        isProven: held !== undefined,
        statement: `The load is not balanced: ${busy.length} of ${series.length} pods get all of the requests (${figure(highest)}), and ${idle.length} are idle with ${figure(Math.max(...idle.map(({ trend }) => trend.after)))}. Long-lived connections (gRPC, HTTP/2, keep-alive) through the Service stay with the pods that they were opened to, so that new pods get no traffic while the old ones are saturated; more replicas do not help.`,
        evidence: distinct([
          ...(held ? [lineEvidence(held.log, held.line)] : []),
          idle[0].evidence,
          busy[0].evidence,
        ]),
        steps: [
          'Balance by request: client-side round_robin over a headless Service, or a mesh or proxy of layer 7 (Envoy, Linkerd, Istio).',
          'Let connections end (max_connection_age of the server), and restart the clients now to spread what is open.',
        ],
        missing: ['Which connections the callers hold, and to which pods.'],
      },
    ];
  }
  return [];
}
