// SPDX-License-Identifier: Apache-2.0
import { findCause } from '../causes/Cause';
import {
  loadFailures,
  logWarnings,
  processCauses,
} from '../causes/processCauses';
import { schedulingCauses } from '../causes/schedulingCauses';
import { containerFindings } from './containerFindings';
import {
  at,
  fieldsOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  timeAt,
  type Fields,
} from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { componentOf, isCurrent, isReady, revisionOf } from './pods';
import {
  clean,
  firstWords,
  proof,
  quoteAt,
  quoteFields,
  titleOf,
} from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';

/** How long a restart counts as now. */
const RECENT_MS = 10 * 60_000;
/** From here on restarts are no chance. */
const MANY_RESTARTS = 3;
/** The runtime has not seen the end: the node was restarted, which says nothing about the container. */
const UNSEEN = new Set(['Unknown', 'ContainerStatusUnknown']);

/** A container that answers now and was killed again and again. */
function restartFindings(situation: Situation, pod: Fields): Finding[] {
  return listAt(pod, 'status', 'containerStatuses').flatMap(status => {
    const last = fieldsOf(at(status, 'lastState', 'terminated'));
    const restarts = numberAt(status, 'restartCount') ?? 0;
    const ended = timeAt(last, 'finishedAt');
    const reason = textAt(last, 'reason');
    if (
      restarts < MANY_RESTARTS ||
      !reason ||
      UNSEEN.has(reason) ||
      ended === undefined ||
      situation.now - ended > RECENT_MS
    ) {
      return [];
    }
    const quote = quoteFields(last, 'reason', ['exitCode']);
    return [
      findingOf(
        `Ready at the moment, but ${clean(textAt(status, 'name'))} of the ${componentOf(situation, pod)} was restarted ${restarts} times`,
        undefined,
        reason,
        {
          evidence: [
            ...proof(`${titleOf(pod)} · last termination`, quote),
            ...proof(titleOf(pod), quoteFields(status, 'restartCount')),
          ],
          next:
            reason === 'OOMKilled'
              ? 'Raise its memory limit.'
              : 'Read what it said last: kubectl logs --previous.',
          rank: Rank.exit,
        },
      ),
    ];
  });
}

/** What a log tells of a model whose pod is ready all the same. */
function readyPodFindings(situation: Situation, pod: Fields): Finding[] {
  return situation.logs
    .filter(log => log.own && log.pod === nameOf(pod))
    .flatMap(log => {
      const all = log.lines.join('\n');
      const lower = all.toLowerCase();
      const failure = Math.max(
        ...loadFailures.map(words => lower.lastIndexOf(words)),
      );
      const loaded = Math.max(
        lower.lastIndexOf('successfully loaded'),
        lower.lastIndexOf('loaded successfully'),
      );
      const source = `${titleOf(pod)} · ${log.container} log`;
      if (failure > loaded) {
        const quote = quoteAt(all, failure);
        const found = findCause(quote, processCauses);
        return [
          findingOf(
            `The ${componentOf(situation, pod)} is Ready, but its model is not loaded`,
            found,
            quote,
            {
              evidence: proof(source, quote),
              next: 'Read the line: the model does not fit this server.',
              rank: Rank.cause,
            },
          ),
        ];
      }
      const warning = findCause(log.text, logWarnings);
      if (warning) {
        const quote = quoteAt(log.text, warning.position);
        return [
          findingOf('Ready, with a warning in the log', warning, quote, {
            state: 'ready',
            evidence: proof(source, quote),
            next: '',
            rank: Rank.nothing + 5,
          }),
        ];
      }
      return [];
    });
}

/** Why no node has the pod. */
function schedulingFindings(situation: Situation, pod: Fields): Finding[] {
  const condition = readConditions(pod).find(
    ({ type, status }) => type === 'PodScheduled' && status !== 'True',
  );
  const event = situation.events.find(
    ({ name, reason }) => name === nameOf(pod) && reason === 'FailedScheduling',
  );
  if (textAt(pod, 'spec', 'nodeName') || (!condition && !event)) {
    return [];
  }
  const message = condition?.message || event?.message || '';
  const found = findCause(message || condition?.reason || '', schedulingCauses);
  const quote =
    (found && message
      ? quoteAt(message, found.position)
      : firstWords(message)) ||
    quoteFields(condition?.raw ?? {}, 'reason', ['status', 'type']);
  const scaling = situation.events.find(
    ({ name, reason }) => name === nameOf(pod) && reason === 'TriggeredScaleUp',
  );
  return [
    findingOf(
      `The pod of the ${componentOf(situation, pod)} has no node`,
      found,
      quote,
      {
        state: scaling ? 'progressing' : 'degraded',
        evidence: [
          ...proof(titleOf(pod), quote),
          ...proof(
            titleOf(pod),
            quoteFields(condition?.raw ?? {}, 'reason', ['status', 'type']),
          ),
          ...proof(
            `Event ${scaling?.object}`,
            firstWords(scaling?.message ?? ''),
          ),
        ],
        next: 'Read what the scheduler says of the nodes.',
        rank: Rank.cause,
      },
    ),
  ];
}

const REMOVED: Record<string, [words: string, next: string]> = {
  Evicted: [
    'it was evicted from its node',
    'See which resource the node lacked; ask for it (requests), or free it.',
  ],
  Preempted: [
    'it was preempted by a pod of higher priority',
    'Give it a higher priority class, or add room.',
  ],
  Preempting: [
    'it was preempted by a pod of higher priority',
    'Give it a higher priority class, or add room.',
  ],
  NodeLost: ['its node is lost', 'See the node.'],
  NodeShutdown: [
    'its node was shut down',
    'Nothing, when another node takes it.',
  ],
  NodeAffinity: [
    'its node no longer has the labels that it asks for',
    'Correct the labels or the affinity.',
  ],
  OutOf: [
    'its node refused it, as what it asks for is taken there',
    'Lower the request, or free the resource on a node.',
  ],
  UnexpectedAdmissionError: [
    'its node refused it (a device is not there)',
    'See the device plugin of the node.',
  ],
};

function removedFindings(situation: Situation, pod: Fields): Finding[] {
  const reason = textAt(pod, 'status', 'reason');
  const lost = readConditions(pod).find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  );
  // OutOfcpu, OutOfmemory, OutOfnvidia.com/gpu: the kubelet refuses what the scheduler sent.
  const name = reason.startsWith('OutOf') ? 'OutOf' : reason;
  if (!Object.hasOwn(REMOVED, name) && !lost) {
    return [];
  }
  const message = textAt(pod, 'status', 'message') || lost?.message || '';
  const [words, next] = (Object.hasOwn(REMOVED, name) && REMOVED[name]) || [
    'it is being removed from its node',
    'See why: preemption, eviction or a node that is not ready.',
  ];
  const quote =
    firstWords(message) ||
    quoteFields(fieldsOf(pod.status), 'reason', ['phase']);
  return [
    findingOf(
      `A pod of the ${componentOf(situation, pod)} is gone`,
      { cause: { any: [], words, next }, position: 0 },
      quote,
      { evidence: proof(titleOf(pod), quote), next, rank: Rank.refused },
    ),
  ];
}

/** What pods and their containers tell, of those that count now. */
export function podFindings(situation: Situation): Finding[] {
  const { pods } = situation;
  const ready = pods.filter(isReady);
  return pods.flatMap(pod => {
    if (
      textAt(pod, 'metadata', 'deletionTimestamp') ||
      !isCurrent(situation, pod)
    ) {
      return [];
    }
    if (isReady(pod)) {
      return [
        ...readyPodFindings(situation, pod),
        ...restartFindings(situation, pod),
      ];
    }
    const phase = textAt(pod, 'status', 'phase');
    if (phase === 'Succeeded') {
      return [];
    }
    const siblings = ready.some(
      other =>
        componentOf(situation, other) === componentOf(situation, pod) &&
        revisionOf(other) === revisionOf(pod),
    );
    // What is left of an evicted pod says nothing once another has taken its place.
    if (phase === 'Failed' && siblings) {
      return [];
    }
    const findings = [
      ...schedulingFindings(situation, pod),
      ...removedFindings(situation, pod),
      ...containerFindings(situation, pod),
    ];
    if (siblings) {
      const serves =
        conditionOf(situation.conditions, 'Ready')?.status === 'True';
      return findings.map(finding => ({
        ...finding,
        // One more replica that starts beside those that serve is no state of its own.
        ...(serves &&
          finding.state === 'progressing' && { rank: Rank.nothing }),
        sentence: `Some replicas serve, one does not. ${finding.sentence}`,
      }));
    }
    return findings.length || listAt(pod, 'status', 'containerStatuses').length
      ? findings
      : [
          {
            state: 'progressing' as const,
            sentence: `The pod of the ${componentOf(situation, pod)} is being started.`,
            evidence: proof(
              titleOf(pod),
              quoteFields(fieldsOf(pod.status), 'phase'),
            ),
            next: 'Wait.',
            rank: Rank.progress - 2,
          },
        ];
  });
}
