// SPDX-License-Identifier: Apache-2.0
import { findCause } from '../causes/Cause';
import { refusalCauses } from '../causes/refusalCauses';
import { processCauses } from '../causes/processCauses';
import { fieldsOf, numberAt, textAt } from './fields';
import { findingOf, Rank, sentenceOf, type Finding } from './Finding';
import { findDecisiveLine } from './logLines';
import {
  clean,
  firstWords,
  proof,
  quoteAt,
  quoteFields,
  titleOf,
} from './quote';
import { conditionOf, type Situation } from './Situation';

/** KServe's reasons of a failure, in words. */
const REASONS: Record<string, string> = {
  ModelLoadFailed: 'The model could not be loaded',
  RuntimeUnhealthy: 'The model server is not healthy',
  RuntimeDisabled: 'The serving runtime is disabled',
  NoSupportingRuntime: 'No serving runtime supports this model format',
  RuntimeNotRecognized:
    'The serving runtime that the spec names does not exist (runtime not found)',
  InvalidPredictorSpec: 'The spec of the predictor is not valid',
  InvalidGPUAllocation: 'The number of GPUs does not fit the parallelism',
};

/** What KServe's `modelStatus` says of the model itself. */
export function modelStatusFindings(situation: Situation): Finding[] {
  const status = fieldsOf(situation.status.modelStatus);
  const failure = fieldsOf(status.lastFailureInfo);
  const transition = textAt(status, 'transitionStatus');
  const target = textAt(status, 'states', 'targetModelState');
  const ready = conditionOf(situation.conditions, 'Ready')?.status === 'True';
  const blocked =
    ['BlockedByFailedLoad', 'InvalidSpec'].includes(transition) ||
    target === 'FailedToLoad';
  const source = `${titleOf(situation.subject)} · modelStatus`;
  const fields = proof(source, quoteFields(status, 'transitionStatus'));
  const message = textAt(failure, 'message');
  const reason = textAt(failure, 'reason');
  if ((message || reason) && (blocked || !ready)) {
    const process =
      reason === 'ModelLoadFailed' || reason === 'RuntimeUnhealthy';
    const found = findCause(message, process ? processCauses : refusalCauses);
    const line = findDecisiveLine(message.split('\n'));
    const quote = found
      ? quoteAt(message, found.position)
      : firstWords(line ?? message);
    const what = Object.hasOwn(REASONS, reason)
      ? REASONS[reason]
      : 'The model is not served';
    const code = numberAt(failure, 'exitCode');
    const waits = !blocked && message.toLowerCase().startsWith('waiting for');
    return [
      findingOf(waits ? 'The model is not loaded yet' : what, found, quote, {
        state: waits ? 'progressing' : 'degraded',
        evidence: [
          ...proof(`${source} · lastFailureInfo`, quote),
          ...proof(
            `${source} · lastFailureInfo`,
            quoteFields(failure, 'reason', ['exitCode', 'location']),
          ),
          ...fields,
        ],
        next:
          code === undefined
            ? 'See the pods and their logs.'
            : `See the log of the container that ended with exit code ${code}.`,
        rank:
          found || !process
            ? Rank.reported + 2
            : Rank.condition + 1 - (line ? 0 : 5),
      }),
    ];
  }
  if (blocked) {
    return [
      {
        state: 'degraded',
        sentence: sentenceOf(
          transition === 'InvalidSpec'
            ? 'KServe says that the spec is not valid'
            : 'The model failed to load',
          'the status gives no reason',
          clean(transition || target),
        ),
        evidence: fields,
        next: 'Look at the pods, events and logs of the newest revision.',
        rank: Rank.echo + 7,
      },
    ];
  }
  return [];
}
