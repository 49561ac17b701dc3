// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import {
  describeChange,
  distinct,
  eventsLike,
  lineEvidence,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import { LOADS, limitText } from './memoryWords';
import type { Candidate } from './types';

const PROCESS = /Killed process (\d{1,9}) \(([\w.:/-]{1,60})\)/;
const WORKERS = /workers?|concurrency|replicas|procs|processes|threads|batch/i;

/** A child of the container was killed, which the container outlived. */
export function workerMemoryCauses(situation: Situation): Candidate[] {
  return eventsLike(situation, PROCESS, 0.3)
    .slice(0, 1)
    .flatMap((event): Candidate[] => {
      const [, pid, name] = PROCESS.exec(event.message) ?? [];
      const near = situation.containers.find(
        ({ isOfSubject, pod }) =>
          isOfSubject && pod === situation.subject.pods[0],
      );
      const container = near ?? situation.containers[0];
      if (!container || container.terminated?.reason === 'OOMKilled') {
        return [];
      }
      const after = situation.groups.filter(
        ({ line, isOfSubject }) =>
          isOfSubject &&
          line.text.includes(pid) &&
          (line.time ?? Infinity) >= (event.firstAt ?? 0),
      );
      const [rollout] = ownRollouts(situation);
      const workers =
        rollout?.differences.filter(({ name: key }) => WORKERS.test(key)) ?? [];
      const before = situation.groups.filter(
        ({ line, isOfSubject }) =>
          isOfSubject &&
          line.time !== undefined &&
          event.at !== undefined &&
          Math.abs(line.time - (event.firstAt ?? event.at)) < 30_000 &&
          /WARN|exceed|large|too big|bomb|size/i.test(line.text),
      );
      const loads = situation.groups.filter(
        ({ line, isOfSubject, count }) =>
          isOfSubject &&
          count > 1 &&
          LOADS.test(line.text) &&
          /\d(?:\.\d)? ?[GM]i?B/.test(line.text),
      );
      const died = situation.groups.filter(
        ({ line, isOfSubject }) =>
          isOfSubject &&
          /signal 9|SIGKILL|terminated due to|Worker died/.test(line.text),
      );
      const hangs = event.count === 1 && container.restarts === 0;
      return [
        {
          rule: 'oom-worker',
          type: 'out-of-memory',
          score: 8 + (after.length > 0 || workers.length > 0 ? 0.5 : 0),
          isProven: true,
          statement: hangs
            ? `A worker process of ${container.name} (${name}, pid ${pid}) was OOM-killed (out of memory) within ${limitText(container, situation)}${before[0] ? `, just after ${quoted(before[0].line.text)}` : ''}; the container itself goes on, answers its probes and still sends requests to the dead worker, so that they queue, hang and time out${after[0] ? `: ${quoted(after[after.length - 1].last.text)}` : ''}.`
            : `Memory: worker processes (${name}) of ${container.name} are OOM-killed ${event.count} times, since all workers together need more than ${limitText(container, situation)}${loads[0] ? ` (each: ${quoted(loads[0].line.text)})` : ''}; the killed or stalled workers show as timeouts and failed requests.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
          evidence: distinct([
            event.evidence,
            ...(after[0] ? [lineEvidence(after[0].log, after[0].line)] : []),
            ...loads
              .slice(0, 1)
              .map(({ log, line }) => lineEvidence(log, line)),
            ...died.slice(0, 1).map(({ log, line }) => lineEvidence(log, line)),
            ...before
              .slice(0, 1)
              .map(({ log, line }) => lineEvidence(log, line)),
            ...(rollout?.evidence ?? []),
          ]),
          steps: hangs
            ? [
                'Restart the pod now (delete it); then limit the size of inputs and raise the memory limit.',
                'Let a liveness probe ask for a real inference, or upgrade the server to a version that restarts dead workers.',
              ]
            : [
                'Reduce the number of workers (fewer workers, threads instead, preload the model to share it), or raise the memory limit to workers × model size.',
                ...(rollout
                  ? [
                      `Roll back: ${rollout.differences.slice(0, 2).map(describeChange).join('; ')}.`,
                    ]
                  : []),
              ],
        },
      ];
    });
}
