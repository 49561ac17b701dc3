// SPDX-License-Identifier: Apache-2.0
import { findCause } from '../causes/Cause';
import { refusalCauses } from '../causes/refusalCauses';
import { annotationOf, fieldsOf, numberAt, timeAt } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { quoteCondition } from './conditionFindings';
import {
  clean,
  firstWords,
  proof,
  quoteAt,
  quoteFields,
  titleOf,
} from './quote';
import { conditionOf, type Situation } from './Situation';

const STOP = 'serving.kserve.io/stop';
/** Deleting takes no longer where nothing holds it back. */
const DELETION_MS = 5 * 60_000;

/** It is being deleted, perhaps for too long. */
export function deletionFindings(situation: Situation): Finding[] {
  const { subject, events, logs } = situation;
  const metadata = fieldsOf(subject.metadata);
  const since = timeAt(metadata, 'deletionTimestamp');
  if (!metadata.deletionTimestamp) {
    return [];
  }
  const finalizers = Array.isArray(metadata.finalizers)
    ? metadata.finalizers.filter(name => typeof name === 'string')
    : [];
  const texts = [
    ...events
      .filter(
        ({ type, last }) => type === 'Warning' && (last ?? 0) >= (since ?? 0),
      )
      .map(event => [`Event ${event.reason}`, event.message]),
    ...logs
      .filter(({ own }) => !own)
      .map(log => [`Log of ${log.pod}`, log.text]),
  ];
  const blocked = texts
    .map(([source, text]) => ({
      source,
      text,
      found: findCause(text, refusalCauses),
    }))
    .find(({ found }) => found);
  const stuck =
    blocked || (since !== undefined && situation.now - since > DELETION_MS);
  const quote = blocked?.found
    ? quoteAt(blocked.text, blocked.found.position)
    : '';
  return [
    {
      ...findingOf(
        stuck
          ? `It is being deleted, and its finalizer ${clean(finalizers.join(', '))} is never done`
          : 'It is being deleted',
        blocked?.found,
        quote,
        {
          state: stuck ? 'degraded' : 'progressing',
          evidence: [
            ...proof(
              titleOf(subject),
              quoteFields(metadata, 'deletionTimestamp'),
            ),
            ...proof(blocked?.source ?? '', quote),
          ],
          next: "See in the log of KServe's controller why its finalizer cannot finish.",
          rank: Rank.lifecycle,
        },
      ),
    },
  ];
}

/** It was stopped on purpose, or is about to be. */
export function stopFindings(situation: Situation): Finding[] {
  const { subject, conditions, pods } = situation;
  const stopped = conditionOf(conditions, 'Stopped');
  const asked = ['true', 'True'].includes(annotationOf(subject, STOP));
  if (!asked && stopped?.status !== 'True') {
    return [];
  }
  const source = titleOf(subject);
  const annotations = fieldsOf(fieldsOf(subject.metadata).annotations);
  const running = pods.length > 0 && stopped?.status !== 'True';
  if (!asked) {
    return annotationOf(subject, STOP) === 'false' || pods.length
      ? [
          {
            state: 'progressing',
            sentence: 'It was stopped and is being started again.',
            evidence: stopped ? proof(source, quoteCondition(stopped)) : [],
            next: 'Wait.',
            rank: Rank.stale,
          },
        ]
      : [
          {
            state: 'stopped',
            sentence: 'It is stopped on purpose.',
            evidence: stopped ? proof(source, quoteCondition(stopped)) : [],
            next: `Set the annotation ${STOP} to false to start it again.`,
            rank: Rank.lifecycle - 1,
          },
        ];
  }
  return [
    {
      state: running ? 'progressing' : 'stopped',
      sentence: running
        ? `It is being stopped on purpose (annotation ${STOP}).`
        : `It is stopped on purpose, by the annotation ${STOP}.`,
      evidence: [
        ...proof(source, quoteFields(annotations, STOP)),
        ...(stopped ? proof(source, quoteCondition(stopped)) : []),
      ],
      next: `Remove the annotation ${STOP} (or set it to false) to start it again.`,
      rank: Rank.lifecycle - 1,
    },
  ];
}

/** The status is of an older spec, or there is none. */
export function staleFindings(situation: Situation): Finding[] {
  const { subject, status, conditions } = situation;
  const source = titleOf(subject);
  const observed =
    numberAt(status, 'observedGeneration') ??
    numberAt(conditionOf(conditions, 'Ready')?.raw ?? {}, 'observedGeneration');
  const generation = numberAt(subject, 'metadata', 'generation');
  if (!conditions.length) {
    return [
      {
        state: 'unknown',
        sentence: `KServe has written no status: its controller has not reconciled this ${clean(situation.kind)} yet.`,
        evidence: proof(
          source,
          quoteFields(fieldsOf(subject.metadata), 'creationTimestamp'),
        ),
        next: "When this stays so, see whether KServe's controller runs and what it logs.",
        rank: Rank.nothing + 1,
      },
    ];
  }
  if (!conditionOf(conditions, 'Ready')) {
    return [
      {
        state: 'unknown',
        sentence: 'The status does not say whether it is Ready.',
        evidence: proof(source, quoteCondition(conditions[0])),
        next: "See KServe's controller, and the pods and their logs.",
        rank: Rank.nothing + 1,
      },
    ];
  }
  // An InferenceService's number is the one of its Deployment or Knative Service (kserve#6081).
  const isOfChild = ['Deployment', 'Service']
    .flatMap(situation.own)
    .some(
      child => numberAt(child, 'status', 'observedGeneration') === observed,
    );
  if (
    !isOfChild &&
    observed !== undefined &&
    generation !== undefined &&
    observed < generation
  ) {
    const ready = conditionOf(conditions, 'Ready');
    return [
      {
        state: 'unknown',
        sentence: `The status is out of date: it was written for generation ${observed}, the spec is at generation ${generation}.`,
        evidence: [
          ...proof(
            source,
            quoteFields({ observedGeneration: observed }, 'observedGeneration'),
          ),
          ...proof(
            source,
            quoteFields(fieldsOf(subject.metadata), 'generation'),
          ),
          ...(ready
            ? proof(source, firstWords(ready.message) || quoteCondition(ready))
            : []),
        ],
        next: "Wait a moment; when this stays so, see KServe's controller.",
        rank: Rank.stale,
      },
    ];
  }
  return [];
}
