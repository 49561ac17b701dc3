// SPDX-License-Identifier: Apache-2.0
import { bytes, quantity } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { textAt } from '../read/json';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

/** The greatest heap of a JVM, as it, its options or its metrics say it. */
const MAX_HEAP =
  /Max\. Heap Size[^:\n]{0,20}: (?<size>[\d.]{1,12} ?[KMGT])|-Xmx(?<size2>\d{1,9} ?[kKmMgG])|-XX:MaxHeapSize=(?<size3>\d{1,15})\b|\bmax(?:Heap|_heap)?[=: ]{1,2}(?<size4>\d{1,12} ?[MG])i?B\b/;
const OF_JVM = /\bJVM\b|\bjava\b|heap|Xmx/i;
const UNITS: Record<string, number> = {
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};

function sizeIn(text: string): number | undefined {
  const size = Object.values(MAX_HEAP.exec(text)?.groups ?? {}).find(Boolean);
  const unit = UNITS[size?.at(-1)?.toUpperCase() ?? ''];
  return size === undefined ? undefined : Number.parseFloat(size) * (unit ?? 1);
}

/** A JVM that may take more than its container has. */
export function heapCauses(situation: Situation): Candidate[] {
  const { containers, document, objects } = situation;
  const container = containers.find(
    ({ isOfSubject, memoryLimit, terminated }) =>
      isOfSubject && memoryLimit && terminated?.reason === 'OOMKilled',
  );
  const limit = container?.memoryLimit;
  const [told] = linesLike(
    situation,
    MAX_HEAP,
    ({ isOfSubject, line }) =>
      isOfSubject &&
      OF_JVM.test(line.text) &&
      (sizeIn(line.text) ?? 0) > (limit ?? Infinity),
  );
  const heap = told && sizeIn(told.line.text);
  if (!container || !limit || !told || !heap) {
    return [];
  }
  const node = objects.find(
    ({ kind, name }) =>
      kind === 'Node' && name === textAt(container.pod.raw, 'spec', 'nodeName'),
  );
  const host = quantity(textAt(node?.raw, 'status', 'capacity', 'memory'));
  const isOfHost = host !== undefined && heap < host && heap > host / 5;
  return [
    {
      rule: 'heap-over-limit',
      type: 'out-of-memory',
      score: 9,
      isProven: true,
      statement: `The JVM may grow its heap to ${bytes(heap)}, while the container ${container.name} has a limit of ${bytes(limit)} (limits.memory), so that it is OOMKilled before it would collect garbage${isOfHost ? `: it does not see the limit and sizes the heap from the memory of the node (${bytes(host)} on the host), as old versions of Java do on cgroup v2 (before 8u372, 11.0.16 and 15)` : ''}: ${quoted(told.line.text)}.`,
      evidence: distinct([
        lineEvidence(told.log, told.line),
        ...document.find(container.pod, `[${container.name}].resources.limits`),
        ...document.find(container.pod, container.name, 'OOMKilled'),
        ...document.find(node, 'osImage='),
      ]),
      steps: [
        'Set the heap below the limit (-Xmx, or -XX:MaxRAMPercentage with a Java that knows cgroup v2: 8u372, 11.0.16, 17), and leave a quarter of the limit for what is beside the heap.',
        'A higher memory limit only delays it while the heap is not bounded.',
      ],
    },
  ];
}
