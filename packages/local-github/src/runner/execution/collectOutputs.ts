// SPDX-License-Identifier: Apache-2.0
import type { JobState } from './JobState';
import { findMissingValue } from './missingValues';

/** A job's outputs after its steps. */
export interface CollectedOutputs {
  outputs: Record<string, string>;
  /** Those that a skipped step would have given. */
  unavailable: string[];
  /** Those that hold a secret. */
  withheld: string[];
}

/** Evaluates `outputs:` of a job; one that holds a secret is left out, as on GitHub. */
export function collectOutputs(state: JobState): CollectedOutputs {
  const { language } = state.services;
  const token = state.spec.definition.outputs;
  const result: CollectedOutputs = {
    outputs: {},
    unavailable: [],
    withheld: [],
  };
  if (!token || !language.parser.isMapping(token)) {
    return result;
  }
  const evaluator = state.evaluator();
  for (const { key, value } of token) {
    const name = key.toString();
    const text = evaluator.string(value);
    if (state.masker.hides(text)) {
      result.withheld.push(name);
    } else {
      result.outputs[name] = text;
    }
    const missing = findMissingValue(language, [value], evaluator, {
      hasSecret: () => true,
      skippedStep: id => state.skippedSteps.get(id.toLowerCase()),
      isUnavailable: path =>
        state.spec.unavailable.some(
          known => known.toLowerCase() === path.toLowerCase(),
        ),
    });
    if (missing) {
      result.unavailable.push(name);
    }
  }
  return result;
}
