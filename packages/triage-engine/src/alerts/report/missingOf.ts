// SPDX-License-Identifier: Apache-2.0
import { mainContainer } from '../causes/helpers';
import type { Candidate } from '../causes/types';
import type { Situation } from '../facts/types';

/** What would be needed to name the cause. */
export function missingOf(
  situation: Situation,
  candidates: Candidate[],
): string[] {
  const { logs, metrics, objects, events, start } = situation;
  const container = mainContainer(situation);
  const ended = container?.terminated;
  const old =
    logs.length > 0 &&
    logs.every(
      ({ lines }) => (lines.at(-1)?.time ?? start) < start - 30 * 60_000,
    );
  return [
    ...(candidates[0]?.missing ?? []),
    ...(objects.length === 0
      ? ['The Kubernetes objects around the alert; none was given.']
      : []),
    ...(logs.length === 0
      ? ['The log of a container that the alert is about; none was given.']
      : []),
    ...(metrics.length === 0
      ? [
          'What the expression of the alert answered around it; no metrics were given.',
        ]
      : []),
    ...(old
      ? ['Log lines of the time of the alert: those given end before it.']
      : []),
    ...(ended && (ended.exitCode === 0 || ended.exitCode === 143)
      ? [
          `Who ended the container ${container.name} (exit code ${ended.exitCode}, ${ended.reason ?? 'no reason'}): the event of the kubelet, its log on the node, or the audit log.`,
        ]
      : []),
    ...(ended && ended.exitCode === 137 && ended.reason !== 'OOMKilled'
      ? [
          `Who killed the container ${container.name} (exit code 137): events of its pod, and the kernel log of the node.`,
        ]
      : []),
    ...(objects.length > 0 && !events.some(({ relevance }) => relevance >= 0.8)
      ? [
          'Events of the pod at that time: there is none (they are kept for an hour).',
        ]
      : []),
    'A line, an event or a change that proves one cause; a person should read the lines of the proof.',
  ].slice(0, 6);
}
