// SPDX-License-Identifier: Apache-2.0
import { findCause, type CauseFound } from '../causes/Cause';
import { kubeletCauses } from '../causes/kubeletCauses';
import { processCauses } from '../causes/processCauses';
import type { KserveEvidence } from '../types';
import { podEvents, sourceOf, type ContainerOf } from './ContainerOf';
import {
  at,
  fieldsOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  type Fields,
} from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { findDecisiveLine } from './logLines';
import {
  clean,
  firstWords,
  longestWords,
  proof,
  quoteAt,
  quoteFields,
} from './quote';

const EXIT_CODES: Record<number, string> = {
  0: 'it ends by itself without an error (exit code 0), so its command does not stay in the foreground',
  126: 'its command cannot be executed (exit code 126)',
  127: 'its command does not exist in the image (exit code 127)',
  132: "it uses instructions that the node's processor lacks (exit code 132)",
  134: 'it aborted itself (exit code 134)',
  137: 'it was killed (exit code 137), by the memory of the node or because it did not end in time',
  139: 'it crashed (segmentation fault, exit code 139)',
  143: 'it was told to end (exit code 143)',
};

/** What a container that ended says, most telling first: its log, then its message. */
function findLastWords(
  container: ContainerOf,
  terminated: Fields,
): { source: string; quote: string; found?: CauseFound } | undefined {
  const { situation, pod, status } = container;
  const log = situation.logs.find(
    ({ pod: name, container: of }) =>
      name === nameOf(pod) && of === textAt(status, 'name'),
  );
  const texts: Array<[source: string, text: string]> = [
    [sourceOf(container, ' log'), log?.text ?? ''],
    [sourceOf(container, ' last message'), textAt(terminated, 'message')],
  ];
  for (const [source, text] of texts) {
    const found = findCause(text, processCauses);
    if (found) {
      return { source, quote: quoteAt(text, found.position), found };
    }
  }
  for (const [source, text] of texts) {
    const line = findDecisiveLine(text.split('\n'));
    if (line) {
      return { source, quote: longestWords(line) };
    }
  }
  return undefined;
}

function memoryLimitOf({ pod, status }: ContainerOf): string {
  const container = [
    ...listAt(pod, 'spec', 'containers'),
    ...listAt(pod, 'spec', 'initContainers'),
  ].find(({ name }) => name === status.name);
  const limit = textAt(container, 'resources', 'limits', 'memory');
  return limit ? `, limit ${clean(limit, 20)}` : '';
}

/** It ended, and not as it should. */
export function endedFinding(
  container: ContainerOf,
  terminated: Fields,
): Finding {
  const { what, status } = container;
  const reason = textAt(terminated, 'reason');
  const code = numberAt(terminated, 'exitCode');
  const fields = quoteFields(terminated, 'reason', ['exitCode']);
  const state: KserveEvidence[] = proof(
    sourceOf(container, ' last termination'),
    fields,
  );
  const backOff = proof(
    sourceOf(container),
    quoteFields(fieldsOf(at(status, 'state', 'waiting')), 'reason', [
      'message',
    ]),
  );
  if (reason === 'OOMKilled') {
    return {
      state: 'degraded',
      sentence: `${what} ran out of memory and was killed (OOMKilled, exit code ${code ?? 137}${memoryLimitOf(container)}).`,
      evidence: [...state, ...backOff],
      next: `Raise the memory limit of ${clean(textAt(status, 'name'))} above what it needs to load the model.`,
      rank: Rank.killed,
    };
  }
  const words = findLastWords(container, terminated);
  if (words) {
    return findingOf(`${what} fails`, words.found, words.quote, {
      evidence: [...proof(words.source, words.quote), ...state, ...backOff],
      next: 'Read the log around this line (kubectl logs --previous).',
      rank: words.found ? Rank.cause : Rank.cause - 2,
    });
  }
  const [killed] = podEvents(container, 'Killing').filter(
    ({ message }) =>
      message.includes('liveness') || message.includes('startup'),
  );
  const probe = podEvents(container, 'Unhealthy')[0];
  if (killed) {
    const quote = firstWords(killed.message);
    return findingOf(
      `${what} is restarted because its ${killed.message.includes('startup') ? 'startup' : 'liveness'} probe fails`,
      undefined,
      quote,
      {
        evidence: [
          ...proof(`Event ${killed.object}`, quote),
          ...proof(`Event ${probe?.object}`, firstWords(probe?.message ?? '')),
          ...state,
        ],
        next: 'Give the model more time to load (initialDelaySeconds, failureThreshold), or see in the log why it does not answer.',
        rank: Rank.cause - 3,
      },
    );
  }
  const start = findCause(textAt(terminated, 'message'), kubeletCauses);
  const meaning = code === undefined ? undefined : EXIT_CODES[code];
  const message = firstWords(textAt(terminated, 'message'));
  return findingOf(
    `${what} crashes`,
    start ?? {
      cause: {
        any: [],
        words:
          meaning ??
          `it exits with code ${code ?? '?'}, and its log was not given`,
        next: 'Read its log: kubectl logs --previous.',
      },
      position: 0,
    },
    message,
    {
      evidence: [
        ...proof(sourceOf(container, ' last message'), message),
        ...state,
        ...backOff,
      ],
      next: '',
      rank: Rank.exit,
    },
  );
}
