// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { numberAt, textAt } from '../read/json';
import {
  describeChange,
  distinct,
  lineEvidence,
  linesLike,
  measuredAs,
  ownRollouts,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

const OUT =
  /CUDA out of memory|OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY|CUBLAS_STATUS_ALLOC_FAILED|cudaErrorMemoryAllocation|cudaMalloc failed|Free memory on device[^\n]{0,80}less than desired|failed to allocate[^\n]{0,60}(?:device|GPU)|hipErrorOutOfMemory/;
const FREE = /([\d.]{1,8}) ?([GM])iB (?:is )?free/;
const TOTAL =
  /([\d.]{1,8}) ?([GM])iB total capacity|total capacity of ([\d.]{1,8}) ?([GM])iB/;
const OWN =
  /([\d.]{1,8}) ?([GM])iB reserved in total|([\d.]{1,8}) ?([GM])iB (?:is |memory )?(?:already )?allocated|this process has ([\d.]{1,8}) ?([GM])iB/i;
/** vLLM tells what is free before it has taken any: the rest is of others. */
const AT_START =
  /Free memory on device \((?<free>[\d.]{1,8})\/(?<total>[\d.]{1,8}) GiB\)/;
const HELD = /gpu_mem\w{0,20}=|GPU memory|reserved|gpu.memory/i;

/** In GiB. */
function size(pattern: RegExp, text: string): number | undefined {
  const groups = pattern.exec(text)?.slice(1).filter(Boolean);
  return groups && groups.length >= 2
    ? Number(groups[0]) / (groups[1] === 'M' ? 1024 : 1)
    : undefined;
}

const gib = (value: number) => `${Number(value.toPrecision(3))} GiB`;

/** Whether several pods share the GPUs of a node of the subject. */
function sharingOf({ objects, subject, document }: Situation) {
  const node = objects.find(
    each =>
      each.kind === 'Node' &&
      subject.nodes.has(each.name) &&
      (/SHARED|MIG/.test(each.labels['nvidia.com/gpu.product'] ?? '') ||
        Number(each.labels['nvidia.com/gpu.replicas'] ?? 1) > 1),
  );
  return node ? document.find(node, 'nvidia.com/gpu.') : [];
}

const WORKERS =
  /workers?|instance_?group|processes|replicas_per|num_instances/i;

/** Workers of the pod itself that each hold a model on the GPU, as far as its settings or its rollout tell. */
function workersOf(situation: Situation): string | undefined {
  const changed = ownRollouts(situation)
    .flatMap(({ differences }) => differences)
    .find(({ name, after }) => WORKERS.test(name) && Number(after ?? 0) > 1);
  return changed && describeChange(changed);
}

/** A GPU whose memory is used up: by the process itself, or by a neighbour. */
export function gpuMemoryCauses(situation: Situation): Candidate[] {
  const [out] = linesLike(
    situation,
    OUT,
    ({ isOfSubject, line }) => isOfSubject || !/java/.test(line.text),
  );
  if (!out || /java\.lang/.test(out.line.text)) {
    return [];
  }
  const { text } = out.line;
  const atStart = AT_START.exec(text)?.groups;
  const total = atStart ? Number(atStart.total) : size(TOTAL, text);
  const free = atStart ? Number(atStart.free) : size(FREE, text);
  const own = atStart ? 0 : size(OWN, text);
  const others =
    total !== undefined && free !== undefined && own !== undefined
      ? total - free - own
      : undefined;
  const shared = sharingOf(situation);
  const workers = workersOf(situation);
  const isShared =
    !workers &&
    ((others !== undefined && total !== undefined && others > 0.2 * total) ||
      (shared.length > 0 && own === undefined));
  const evidence = [lineEvidence(out.log, out.line)];
  const used = measuredAs(situation, 'gpu-memory').find(
    ({ trend }) => trend.direction === 'up',
  );
  const [rollout] = ownRollouts(situation);
  if (!isShared) {
    return [
      {
        rule: 'gpu-out-of-memory',
        type: 'out-of-memory',
        score: 6.5 + (rollout ? 1 : 0),
        isProven: true,
        statement: `GPU memory: the process runs out of CUDA memory${own !== undefined && total !== undefined ? `, of which it holds ${gib(own)} of ${gib(total)} itself` : ''}: ${workers ? `there are more workers (${workers}), each worker loads its own copy of the model, and together they` : 'model, batch, sequence length or concurrency'} need more than the GPU has.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
        evidence: distinct([
          ...evidence,
          ...(rollout?.evidence ?? []),
          ...(used ? [used.evidence] : []),
        ]),
        steps: [
          ...(workers
            ? ['Lower the number of workers per GPU (one copy of the model).']
            : []),
          'Lower batch size, maximum sequence length, concurrency or gpu_memory_utilization, or take a larger GPU or a quantised model.',
          ...(rollout ? [`Roll back ${rollout.of.name}.`] : []),
        ],
      },
    ];
  }
  const neighbour = situation.objects.find(
    each =>
      each.kind === 'Pod' &&
      !situation.subject.pods.includes(each) &&
      situation.subject.nodes.has(textAt(each.raw, 'spec', 'nodeName') ?? ''),
  );
  const held = situation.groups.find(
    ({ log, line }) => log.pod === neighbour?.name && HELD.test(line.text),
  );
  const theirs = situation.rollouts.find(
    each => neighbour && neighbour.name.startsWith(each.of.name),
  );
  const replicas = numberAt(neighbour?.raw, 'spec', 'replicas');
  return [
    {
      rule: 'gpu-memory-of-neighbour',
      type: 'out-of-memory',
      score: 8.5,
      isProven: true,
      statement: `The GPU is shared (time-sliced, without memory isolation), and another pod${neighbour ? `, the neighbour ${neighbour.name}${replicas ? ` (${replicas})` : ''},` : ''} holds most of its memory: of ${total === undefined ? 'the GPU memory' : gib(total)} this process holds ${own === undefined ? 'little' : `only ${gib(own)}`}${others === undefined ? '' : `, others ${gib(others)}`}, and CUDA is out of memory.${theirs ? ` ${theirs.of.name} was rolled out ${duration(situation.start - theirs.at)} before the alert.` : ''}`,
      evidence: distinct([
        ...evidence,
        ...(held ? [lineEvidence(held.log, held.line)] : []),
        ...shared,
        ...(used ? [used.evidence] : []),
      ]),
      steps: [
        'Give the service its own GPU (dedicated node or MIG slice), or limit the memory of each process (MPS, memory fraction).',
        `Roll back or limit the batch size of the neighbour${neighbour ? ` ${neighbour.name}` : ''}, or move one of the two to another node.`,
      ],
    },
  ];
}
