// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { numberAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  quoted,
} from './helpers';
import type { Candidate } from './types';

/** From zero replicas, over a new node, to an answer: longer than callers wait. */
export function coldStartCauses(situation: Situation): Candidate[] {
  const { objects, document, metrics, start } = situation;
  const zero = objects.find(
    each =>
      numberAt(each.raw, 'spec', 'predictor', 'minReplicas') === 0 ||
      each.annotations['autoscaling.knative.dev/min-scale'] === '0' ||
      each.annotations['autoscaling.knative.dev/minScale'] === '0' ||
      numberAt(each.raw, 'spec', 'minReplicaCount') === 0,
  );
  const fromZero = metrics.find(
    ({ kind, expression, points }) =>
      kind === 'replicas' &&
      /autoscaler|actual_pods|desired_pods|keda|scaled/.test(expression) &&
      points.some(
        ([time, value]) => value === 0 && Math.abs(time - start) < 1800_000,
      ) &&
      points.some(([time, value]) => value > 0 && time > start - 1800_000),
  );
  const closed = linesLike(
    situation,
    /context canceled|Context is closed|activator request timeout|client (?:closed|disconnected)|\b(?:499|504)\b|timed? ?out/i,
  )[0];
  const [scaleUp] = eventsLike(
    situation,
    /^TriggeredScaleUp|pod triggered scale-up|Nominated|provisioned/,
    0.8,
  );
  const [waiting] = eventsLike(situation, /^FailedScheduling/, 0.8);
  const pulled = eventsLike(situation, /^Pull(?:ing|ed)/, 0.8)[0];
  const [fromNothing] = eventsLike(
    situation,
    /^ScalingReplicaSet: Scaled up replica set \S{1,250} to \d{1,4} from 0\b/,
    0.5,
  ).filter(
    ({ at, firstAt }) =>
      Math.abs((at ?? firstAt ?? 0) - situation.onset) < 20 * 60_000,
  );
  const [loads] = linesLike(
    situation,
    /[Dd]ownloaded? in \d|[Ll]oaded in \d|[Ss]tartup (?:took|in) \d|took [\d.]{1,9} ?s(?:econds)? to (?:load|start)/,
    ({ isOfSubject }) => isOfSubject,
  );
  const [refused] = eventsLike(
    situation,
    /NotTriggerScaleUp|FailedScaleUp|max node group size reached/,
    0.8,
  );
  if (
    refused ||
    !(zero || fromZero) ||
    !(closed || scaleUp || fromNothing) ||
    !(scaleUp || pulled || fromZero || fromNothing)
  ) {
    return [];
  }
  const seconds = /(\d{1,4}) ?(?:s|seconds?)\b/.exec(situation.text)?.[1];
  const ready = linesLike(
    situation,
    /startup complete|ready|loaded/i,
    ({ isOfSubject }) => isOfSubject,
  )[0]?.line.time;
  const begun = scaleUp?.at ?? waiting?.firstAt ?? pulled?.at;
  return [
    {
      rule: 'cold-start',
      type: 'latency',
      score: 8 + (scaleUp ? 0.5 : 0) + (closed ? 0.5 : 0),
      isProven: true,
      statement: `Cold start: the service was scaled to zero (minReplicas 0), and the first request needs ${scaleUp ? `a new ${/gpu/i.test(`${scaleUp.message}${waiting?.message ?? ''}`) ? 'GPU ' : ''}node from the autoscaler (${quoted(scaleUp.message, 100)}), ` : ''}image pull and model load${ready && begun && ready > begun ? `, ${duration(ready - begun)} in all` : ''}, ${closed || !fromNothing ? `longer than the timeout after which callers give up and the connection is closed${seconds ? ` (${seconds} s)` : ''}` : 'while requests wait in the activator'}${loads ? `: ${quoted(loads.line.text, 160)}` : ''}.`,
      evidence: distinct([
        ...(closed ? [lineEvidence(closed.log, closed.line)] : []),
        ...(scaleUp ? [scaleUp.evidence] : []),
        ...(waiting ? [waiting.evidence] : []),
        ...(fromNothing ? [fromNothing.evidence] : []),
        ...(loads ? [lineEvidence(loads.log, loads.line)] : []),
        ...document.find(zero, 'min'),
      ]),
      steps: [
        'Keep one replica warm (minReplicas 1, min-scale), or keep a node and the image ready (overprovisioning, pre-pulled image).',
        'Let callers wait or retry: a timeout longer than the cold start, or an asynchronous request.',
      ],
    },
  ];
}
