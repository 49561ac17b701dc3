// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Container, Measured, Situation } from '../facts/types';
import { listAt, textAt, textsAt } from '../read/json';
import {
  distinct,
  isReadyPod,
  lineEvidence,
  linesLike,
  measuredAs,
  ownRollouts,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

const OF_GPU_MEMORY = /FB_USED|FB_FREE|gpu_mem|fb_memory|GPU.?memory/i;
const CACHE_USE = /(?:kv|gpu)_cache_usage|token_usage/;
const CACHE_LINE = /KV cache usage: ([\d.]{1,6})%|token usage: (0\.\d{1,4})/;
const RESERVES =
  /gpu[_-]memory[_-]utilization|mem[_-]fraction[_-]static|Available KV cache memory|GPU KV cache size|# GPU blocks|XLA_PYTHON_CLIENT_(?:PREALLOCATE|MEM_FRACTION)|Created (?:TensorFlow )?device \/job:localhost\/replica:0\/task:0\/device:GPU:\d{1,2} with/i;
const OUT =
  /out of memory|OutOfMemory|CUDA_ERROR_OUT_OF_MEMORY|ALLOC_FAILED|preempt(?:ed|ion) (?:by|mode)/i;
/** It takes what it needs when it needs it. */
const GROWS =
  /TF_FORCE_GPU_ALLOW_GROWTH=(?:true|1)|XLA_PYTHON_CLIENT_PREALLOCATE=(?:false|0)/i;
const LOW = 0.7;
/** The context of CUDA, graphs and buffers of NCCL come on top of it. */
const BESIDE = 0.06;

const SERVERS: Array<{
  name: string;
  pattern: RegExp;
  option: RegExp;
  otherwise?: number;
}> = [
  {
    name: 'vLLM',
    pattern: /vllm/i,
    option: /gpu[_-]memory[_-]utilization['"]?[=: ]{1,3}(0?\.\d{1,4})/,
    otherwise: 0.9,
  },
  {
    name: 'SGLang',
    pattern: /sglang/i,
    option: /mem[_-]fraction[_-]static['"]?[=: ]{1,3}(0?\.\d{1,4})/,
  },
  {
    name: 'JAX',
    pattern: /XLA_PYTHON_CLIENT|\bjax\b/i,
    option: /XLA_PYTHON_CLIENT_MEM_FRACTION['"]?[=: ]{1,3}(0?\.\d{1,4})/,
    otherwise: 0.75,
  },
  {
    name: 'TensorFlow',
    pattern: /tensorflow|tfserving/i,
    option: /per_process_gpu_memory_fraction['"]?[=: ]{1,3}(0?\.\d{1,4})/,
  },
];

const wordsOf = ({ image, spec }: Container) =>
  [
    image,
    ...textsAt(spec, 'command'),
    ...textsAt(spec, 'args'),
    ...listAt(spec, 'env').map(
      each => `${textAt(each, 'name')}=${textAt(each, 'value') ?? ''}`,
    ),
  ].join(' ');

/** As it is since it was reserved: what leaks or is used grows. */
function isLevel({ points, trend: { changedAt } }: Measured): boolean {
  const since = points.filter(([time]) => time >= (changedAt ?? 0));
  // The first points are still of the start.
  const values = since
    .slice(Math.min(5, Math.floor(since.length / 4)))
    .map(([, value]) => value);
  return (
    values.length >= 5 &&
    Math.max(...values) - Math.min(...values) < 0.02 * Math.max(...values)
  );
}

/** GPU memory that a server takes at its start for all that is to come. */
export function reservedMemoryCauses(situation: Situation): Candidate[] {
  const { metrics, containers, text, document } = situation;
  const own = metrics.find(
    ({ isOfAlert, expression }) => isOfAlert && OF_GPU_MEMORY.test(expression),
  );
  const container = containers.find(
    ({ isOfSubject, isInit, spec }) =>
      isOfSubject && !isInit && /\.com\/(?:gpu|mig)/.test(JSON.stringify(spec)),
  );
  if (!own || !container || !OF_GPU_MEMORY.test(`${text} ${own.expression}`)) {
    return [];
  }
  const ofIt = ({ log }: { log: { pod: string } }) =>
    log.pod === container.pod.name;
  const [reserves] = linesLike(situation, RESERVES, ofIt);
  const words = `${wordsOf(container)} ${reserves?.line.text ?? ''}`;
  const server = SERVERS.find(({ pattern }) => pattern.test(words));
  const uses = metrics.filter(({ expression }) => CACHE_USE.test(expression));
  const lines = linesLike(situation, CACHE_LINE, ofIt);
  const shares = [
    ...uses.map(({ trend }) =>
      trend.peak > 1 ? trend.peak / 100 : trend.peak,
    ),
    ...(uses.length > 0
      ? []
      : lines.flatMap(({ line, last }) =>
          [line, last].map(each => {
            const [, percent, share] = CACHE_LINE.exec(each.text) ?? [];
            return percent ? Number(percent) / 100 : Number(share ?? 1);
          }),
        )),
  ];
  const suffers = [
    ...measuredAs(situation, 'latency', 'errors', 'restarts', 'oom', 'queue'),
    ...metrics.filter(({ expression }) => /preempt/.test(expression)),
  ].filter(({ isOfAlert }) => !isOfAlert);
  const isWorse = suffers.some(
    ({ trend, kind }) =>
      (trend.direction === 'up' && trend.shape !== 'spike') ||
      (kind === 'queue' && trend.after > 0),
  );
  const isOut = linesLike(situation, OUT, ofIt).length > 0;
  const isCache = server?.name === 'vLLM' || server?.name === 'SGLang';
  const isLow = isCache
    ? shares.length > 0 && shares.every(share => share < LOW)
    : suffers.length > 0;
  if (
    !server ||
    GROWS.test(words) ||
    !isLevel(own) ||
    !isLow ||
    isWorse ||
    isOut ||
    !isReadyPod(situation, container.pod.name)
  ) {
    return [];
  }
  const told = server.option.exec(words)?.[1];
  const fraction = told ? Number(told) : server.otherwise;
  const level = own.trend.after;
  const isAsTold =
    fraction !== undefined &&
    level <= 1 &&
    Math.abs(level - fraction) <= BESIDE;
  const isProven = isAsTold || reserves !== undefined;
  const rollout = ownRollouts(situation)[0];
  return [
    {
      rule: 'gpu-memory-reserved',
      type: 'false-alarm',
      score: isProven ? 9 : 6,
      isProven,
      statement: `False alarm, no impact: ${server.name} reserves GPU memory at its start by design (${isCache ? `pre-allocated for weights and KV cache${told ? `, ${server.name === 'vLLM' ? 'gpu_memory_utilization' : 'mem_fraction_static'} ${told}` : ''}` : `preallocation${told ? `, fraction ${told}` : ''}`}), so that ${figure(level)} of it is taken and stays so; ${shares.length > 0 ? `of the KV cache itself at most ${Math.round(100 * Math.max(...shares))} % is used, and no request waits` : 'nothing that users notice is worse'}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...(reserves ? [lineEvidence(reserves.log, reserves.line)] : []),
        ...uses.slice(0, 1).map(({ evidence }) => evidence),
        own.evidence,
        ...(uses.length === 0
          ? lines.slice(0, 1).map(({ log, line }) => lineEvidence(log, line))
          : []),
        ...(rollout?.evidence ?? []),
        ...document.find(container.pod, `[${container.name}].args`),
        ...suffers.slice(0, 2).map(({ evidence }) => evidence),
      ]),
      steps: [
        'Let the alert ask how full the KV cache is (vllm:kv_cache_usage_perc) and how many requests wait, not how much of the GPU memory is taken; leave servers that reserve it out, and silence it until then.',
      ],
    },
  ];
}
