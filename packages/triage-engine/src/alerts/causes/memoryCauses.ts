// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import { bytes, duration, figure, quantity } from '../facts/quantity';
import type { Container, Rollout, Situation } from '../facts/types';
import type { ContainerLog } from '../read/readLogs';
import { growingCounters } from './growingCounters';
import { STARTED } from './probeCauses';
import {
  describeChange,
  distinct,
  lineEvidence,
  logsOf,
  measuredAs,
  memoryOf,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import { LOADS, limitText } from './memoryWords';
import { describeMove, movedBefore } from './signs';
import type { Candidate } from './types';
import { workerMemoryCauses } from './workerMemoryCauses';

const UNLOADED = /unload(?:ed|ing)|Successfully unloaded/i;
const VERSION = /version:? ?(\d{1,9})|\/(\d{1,9})\b/;
const FEWER =
  'Reduce what is held at once: fewer workers, smaller batches, a smaller or shared model.';
const RAISE =
  'Raise the memory limit (and request) of the container to what it needs at its peak.';

interface Killed {
  container: Container;
  /** Of the status, or of an event. */
  evidence: Evidence[];
}

/** Containers that the kernel ended for memory. */
function killedOf({ containers, document }: Situation): Killed[] {
  return containers
    .filter(({ terminated }) => terminated?.reason === 'OOMKilled')
    .map(container => ({
      container,
      evidence: document.find(container.pod, container.name, 'OOMKilled'),
    }));
}

/** A second version is loaded while the first is still there. */
function reload(killed: Killed, situation: Situation): Candidate[] {
  const { container, evidence } = killed;
  const [log] = logsOf(situation, container);
  const tail = log?.lines.slice(-15) ?? [];
  const load = tail.find(({ text }) => LOADS.test(text) && VERSION.test(text));
  if (!log || !load) {
    return [];
  }
  const version = VERSION.exec(load.text)?.slice(1).find(Boolean);
  const before = log.lines.filter(
    ({ number, text }) =>
      number < load.number - 1 &&
      LOADS.test(text) &&
      !UNLOADED.test(text) &&
      VERSION.test(text),
  );
  const old = before
    .map(({ text }) => VERSION.exec(text)?.slice(1).find(Boolean))
    .filter(each => each !== version)
    .at(-1);
  const ranLong = log.lines.length > 40;
  if (!ranLong && !old) {
    return [];
  }
  return [
    {
      rule: 'oom-second-version',
      type: 'out-of-memory',
      score: 8,
      isProven: true,
      statement: `Out of memory at a hot reload: version ${version ?? '(new)'} of the model was being loaded while the old version${old ? ` ${old}` : ''} was still in memory (load before unload), and both versions together exceed ${limitText(container, situation)}: the container ${container.name} was OOMKilled. The last line before it ended was ${quoted(tail.at(-1)?.text ?? '')}.`,
      evidence: distinct([
        lineEvidence(log, load),
        ...evidence,
        ...tail.slice(-1).map(line => lineEvidence(log, line)),
      ]),
      steps: [
        'Raise the memory limit to hold two versions of the model at once, or make the server unload the old version first (availability_preserving against resource_preserving policy).',
        'Roll new versions out as new pods instead of a reload in place.',
      ],
    },
  ];
}

/** Whether a rollout changed more than the image: what is new in that nothing here tells. */
const changesSetting = (rollout: Rollout | undefined): boolean =>
  rollout?.differences.some(({ name }) => !/\bimage$/.test(name)) ?? false;

/** Whether a rollout lowered the limit itself: that is why, whatever else is seen. */
const isLowered = (rollout: Rollout | undefined): boolean =>
  rollout?.differences.some(
    ({ name, before, after }) =>
      /limits\.memory$/.test(name) &&
      (quantity(after) ?? Infinity) < (quantity(before) ?? 0),
  ) ?? false;

/** Memory that goes up and up. */
function growth(killed: Killed, situation: Situation): Candidate[] {
  const { container, evidence } = killed;
  const measured = memoryOf(situation, container);
  if (measured?.trend.shape !== 'ramp') {
    return [];
  }
  const [log] = logsOf(situation, container);
  // What is still loaded at start does not leak.
  if (
    log?.lines.some(({ text }) => LOADS.test(text)) &&
    !log.lines.some(({ text }) => STARTED.test(text)) &&
    log.lines.length < 40
  ) {
    return [];
  }
  const { before, peak, peakAt } = measured.trend;
  const from = measured.points[0][0];
  const [counter] = growingCounters(
    situation,
    ({ pod, container: name }) =>
      pod === container.pod.name && name === container.name,
  );
  const [rollout] = ownRollouts(situation);
  const traffic = measuredAs(situation, 'traffic').find(
    ({ isOfAlert }) => !isOfAlert,
  );
  const isCache =
    counter &&
    /shape|cache|bucket|key|entr|session|graph|compil/i.test(counter.name);
  const what = counter
    ? `along with ${counter.name} (${figure(counter.from)} → ${figure(counter.to)} in the log): ${isCache ? `each new value (variable input shape, key) adds to a cache of the library that is never freed` : 'what it counts accumulates and is not freed'}`
    : 'from request to request, and it is never freed: a memory leak or an unbounded cache';
  return [
    {
      rule: 'oom-growth',
      type: 'out-of-memory',
      score: counter ? 8 : 6.5,
      // Why it is not freed is known where something else grows with it, or where a setting was changed.
      isProven: counter !== undefined || changesSetting(rollout),
      statement: `Memory grows steadily, from ${bytes(before)} to ${bytes(peak)} within ${duration(peakAt - from)}${traffic?.trend.shape === 'flat' ? ' while traffic is flat' : ''}, ${what}. ${killed.evidence.length > 0 ? `It reaches ${limitText(container, situation)}, and the container ${container.name} is OOMKilled` : `It nears ${limitText(container, situation)} of the container ${container.name}`}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...(counter ? [lineEvidence(counter.log, counter.last)] : []),
        ...evidence,
        ...(rollout?.evidence ?? []),
        measured.evidence,
      ]),
      steps: [
        ...(counter
          ? [
              `Bound what ${counter.name} counts: pad or bucket inputs to fixed sizes, limit (LRU) or disable that cache.`,
            ]
          : [
              'Find what grows with a heap profile of two moments; bound caches.',
            ]),
        ...(rollout
          ? [
              `Roll back ${rollout.differences.slice(0, 2).map(describeChange).join(' and ')}.`,
            ]
          : []),
        'A higher memory limit only delays it.',
      ],
    },
  ];
}

const WORKERS = /\bworkers?["']?\s?[=:]\s?(\d{1,4})\b/i;
const BOOTS = /Booting worker with pid|Started server process/;
const MANY = 8;
/** What ends with the container moves with it, and explains nothing. */
const OF_THE_KILL = new Set(['memory', 'oom', 'restarts', 'up', 'limit']);

/** How many processes a server runs beside each other, where they are many. */
function workersOf({ lines }: ContainerLog) {
  const named = lines.find(
    ({ text }) => Number(WORKERS.exec(text)?.[1] ?? 0) >= MANY,
  );
  if (named) {
    return { line: named, count: Number(WORKERS.exec(named.text)?.[1]) };
  }
  const booted = lines.filter(({ text }) => BOOTS.test(text));
  return booted.length >= MANY
    ? { line: booted[0], count: booted.length }
    : undefined;
}

/** Killed for memory, whatever the reason. */
function plain(killed: Killed, situation: Situation): Candidate[] {
  const { container, evidence } = killed;
  const measured = memoryOf(situation, container);
  const [rollout] = ownRollouts(situation);
  const [log] = logsOf(situation, container);
  const last = log?.lines.at(-1);
  const load = measuredAs(situation, 'traffic').find(
    ({ trend }) => trend.direction === 'up' && trend.shape === 'step',
  );
  const starts =
    log && !log.lines.some(({ text }) => STARTED.test(text))
      ? [...log.lines].reverse().find(({ text }) => LOADS.test(text))
      : undefined;
  const workers = log && workersOf(log);
  const [mover] = movedBefore(situation).filter(
    ({ series, factor }) =>
      factor >= 2 && !OF_THE_KILL.has(series.kind) && series !== measured,
  );
  const neighbours = situation.rollouts.filter(
    ({ isOfSubject, differences, at }) =>
      !isOfSubject && differences.length > 0 && at <= situation.start,
  );
  const jump = measured && measured.trend.peak > 1.3 * measured.trend.before;
  return [
    {
      rule: 'oom-limit',
      type: 'out-of-memory',
      score: 5.5 + (rollout ? 1 : 0) + (isLowered(rollout) ? 2 : 0),
      // Where something else moved, that it was killed need not be why.
      isProven:
        changesSetting(rollout) ||
        Boolean(load ?? starts ?? workers) ||
        (mover === undefined &&
          neighbours.length === 0 &&
          // What grew into it is a question of what grows.
          measured?.trend.shape !== 'ramp'),
      statement: `Out of memory: the container ${container.name} was OOMKilled at ${limitText(container, situation)}${jump ? `; memory jumped from ${bytes(measured.trend.before)}` : ''}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}${load ? ` Traffic rose from ${figure(load.trend.before)} to ${figure(load.trend.after)}.` : ''}${starts ? ` It ended while it was still loading the model at start, which needs more memory than the limit: ${quoted(starts.text)}.` : ''}${workers ? ` It runs ${workers.count} workers, each of which needs memory of its own: ${quoted(workers.line.text)}.` : ''}${mover ? ` With it ${describeMove(mover.series)}.` : ''}${!rollout && neighbours[0] ? ` ${rolloutSentence(neighbours[0], situation)}.` : ''}${last && !starts ? ` Its last words were ${quoted(last.text)}.` : ''}`,
      evidence: distinct([
        ...evidence,
        ...(workers && log ? [lineEvidence(log, workers.line)] : []),
        ...(mover ? [mover.series.evidence] : []),
        ...(rollout?.evidence ?? []),
        ...(log && (starts ?? last)
          ? [lineEvidence(log, starts ?? log.lines[log.lines.length - 1])]
          : []),
        ...(measured ? [measured.evidence] : []),
      ]),
      steps: [
        ...(rollout
          ? [
              `Roll back ${rollout.of.name}: ${rollout.differences.slice(0, 2).map(describeChange).join(' and ')}.`,
            ]
          : []),
        RAISE,
        FEWER,
      ],
    },
  ];
}

/** What ran out of memory, where, and why then. */
export function memoryCauses(situation: Situation): Candidate[] {
  const [killed] = killedOf(situation);
  const container = situation.containers.find(each => each.isOfSubject);
  const isAlarmed = container && /memory|oom/i.test(situation.text);
  return [
    ...(killed
      ? [
          ...reload(killed, situation),
          ...growth(killed, situation),
          ...plain(killed, situation),
        ]
      : []),
    ...(!killed && isAlarmed
      ? growth({ container, evidence: [] }, situation)
      : []),
    ...workerMemoryCauses(situation),
  ];
}
