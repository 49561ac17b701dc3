// SPDX-License-Identifier: Apache-2.0
import { duration, figure } from '../facts/quantity';
import { median } from '../facts/trend';
import type { Measured, Situation } from '../facts/types';
import { at, listAt, numberAt, textAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import {
  distinct,
  lineEvidence,
  linesLike,
  measuredAs,
  quoted,
} from './helpers';
import { requestOf } from './nodeFit';
import type { Candidate } from './types';

const OF_CPU = /cpu (?:resource )?utili[sz]ation|cpu resource/i;
const NEW_SIZE = /New size: (\d{1,5})\b/;
const WARMS_UP =
  /warm(?:ing)?[- ]?up|\bjit\b|compil(?:ing|ation)|loading (?:the )?model|model load|building (?:the )?(?:cache|index|engine)|pre-?load/i;
/** The start of a pod is over after it, or it is no start. */
const LONGEST_START = 15 * 60_000;
const BURNS = 3;
const HOUR = 3600_000;

/** Whether an autoscaler follows the CPU in percent of what pods request. */
const followsCpu = ({ raw, kind }: KubeObject) =>
  kind === 'HorizontalPodAutoscaler' &&
  (numberAt(raw, 'spec', 'targetCPUUtilizationPercentage') !== undefined ||
    listAt(raw, 'spec', 'metrics').some(
      each =>
        /Resource/.test(textAt(each, 'type') ?? '') &&
        (textAt(each, 'resource', 'name') ??
          textAt(each, 'containerResource', 'name')) === 'cpu',
    ));

interface Burst {
  measured: Measured;
  high: number;
  low: number;
  lasts: number;
}

/** A pod that burns CPU when it starts, and little later on. */
function burstOf(measured: Measured, since: number): Burst | undefined {
  const { points, labels } = measured;
  const [begin] = points[0] ?? [0];
  const early = points.filter(([time]) => time <= begin + LONGEST_START);
  const high = Math.max(...early.map(([, value]) => value));
  const busy = early.filter(([, value]) => value > high / 2);
  const [until] = busy[busy.length - 1] ?? [begin];
  const later = points.filter(([time]) => time > until + 60_000);
  const low = later.length > 0 ? median(later.map(([, value]) => value)) : high;
  return labels.pod !== undefined &&
    begin >= since &&
    busy.length >= 2 &&
    later.length >= 3 &&
    high > BURNS * low
    ? { measured, high, low, lasts: until - begin + 60_000 }
    : undefined;
}

/** An autoscaler that takes the start of its own pods for load. */
export function warmUpScalingCauses(situation: Situation): Candidate[] {
  const { objects, events, document, start, subject } = situation;
  const hpa = objects.find(
    each =>
      followsCpu(each) &&
      (each.namespace === subject.namespace || !subject.namespace) &&
      (subject.names.length === 0 ||
        subject.names.some(
          name =>
            name === each.name ||
            name === textAt(each.raw, 'spec', 'scaleTargetRef', 'name'),
        )),
  );
  if (!hpa) {
    return [];
  }
  const rescaled = events.filter(
    ({ reason, involved, message, at: time }) =>
      reason === 'SuccessfulRescale' &&
      involved.name === hpa.name &&
      OF_CPU.test(message) &&
      / above target/.test(message) &&
      (time ?? start) > start - 2 * HOUR &&
      (time ?? start) <= start + HOUR / 4,
  );
  // Events are gone after an hour.
  const grown = measuredAs(situation, 'replicas').find(
    ({ expression, trend, points }) =>
      !expression.includes('/') &&
      trend.direction === 'up' &&
      points.filter(([, value], index) => value > points[index - 1]?.[1])
        .length >= 2,
  );
  const since = (rescaled[0]?.firstAt ?? situation.onset) - HOUR / 2;
  const bursts = measuredAs(situation, 'cpu').flatMap(
    each => burstOf(each, since) ?? [],
  );
  const load = measuredAs(situation, 'traffic').filter(
    ({ expression }) => !/scrape|cpu/.test(expression),
  );
  const isFlat =
    load.length > 0 && load.every(({ trend }) => trend.direction !== 'up');
  const [warmUp] = linesLike(
    situation,
    WARMS_UP,
    ({ log, line }) =>
      (line.time ?? start) >= since &&
      objects.some(
        ({ kind, name, createdAt }) =>
          kind === 'Pod' && name === log.pod && (createdAt ?? 0) >= since,
      ),
  );
  const [scaled] = [
    ...rescaled.slice(-1).map(({ evidence }) => evidence),
    ...(grown ? [grown.evidence] : []),
  ];
  if (
    (rescaled.length < 2 && !grown) ||
    !isFlat ||
    !(bursts.length > 0 || warmUp)
  ) {
    return [];
  }
  const sizes = rescaled.map(({ message }) => NEW_SIZE.exec(message)?.[1]);
  const [burst] = bursts.sort((a, b) => b.high - a.high);
  const pod = objects.find(
    ({ kind, name }) =>
      kind === 'Pod' &&
      name === (burst?.measured.labels.pod ?? warmUp?.log.pod),
  );
  const request = requestOf(at(pod?.raw, 'spec'), 'cpu');
  const [container] = listAt(pod?.raw, 'spec', 'containers');
  const probe = at(container, 'readinessProbe');
  const isReadyAtOnce =
    container !== undefined &&
    (probe === undefined || at(probe, 'tcpSocket') !== undefined);
  const isProven = burst !== undefined;
  return [
    {
      rule: 'scaled-by-warm-up',
      type: 'scaling',
      score: isProven ? 9 : 5.5,
      isProven,
      statement: `The autoscaler (HPA ${hpa.name}) follows the CPU of pods that are still starting: it went up to ${sizes[sizes.length - 1] ?? grown?.trend.peak ?? 'more'} replicas while the request rate is flat (${figure(load[0].trend.before)} → ${figure(load[0].trend.after)}).${burst ? ` Each new pod burns ${figure(burst.high)} cores for ${duration(burst.lasts)} of warm-up${request > 0 ? ` against a CPU request of ${figure(request)}` : ''}, and ${figure(burst.low)} afterwards` : ' New pods warm up'}${warmUp ? ` (${quoted(warmUp.line.text, 120)})` : ''}; that looks like load, so that each scale-up brings about the next one.${isReadyAtOnce ? ` The pods count at once, as they are ready before the warm-up is over (${probe === undefined ? 'no readiness probe' : 'the readiness probe only opens the port'}).` : ''}`,
      evidence: distinct([
        scaled,
        ...(burst ? [burst.measured.evidence] : []),
        ...(warmUp ? [lineEvidence(warmUp.log, warmUp.line)] : []),
        load[0].evidence,
        ...(isReadyAtOnce ? document.find(pod, 'readinessProbe') : []),
        ...document.find(hpa, 'maxReplicas='),
        // They have no place for so many.
        ...events
          .filter(
            ({ reason, relevance }) =>
              reason === 'FailedScheduling' && relevance >= 0.8,
          )
          .map(({ evidence }) => evidence),
      ]),
      steps: [
        'Let a pod be ready only when its warm-up is over (readiness or startup probe on a path that tells so), and raise its CPU request to what it uses; or scale on the request rate instead of the CPU.',
        'Slow the autoscaler down (behavior.scaleUp: stabilizationWindowSeconds longer than the warm-up, fewer pods per period), and scale back by hand now.',
      ],
    },
  ];
}
