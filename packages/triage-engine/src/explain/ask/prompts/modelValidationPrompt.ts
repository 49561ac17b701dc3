// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** Training, its data, or the gate on a model's metrics failed. */
export const modelValidationPrompt: Prompt = {
  id: 'model-validation',
  version: 1,
  types: ['training-error', 'gate', 'data-loading'],
  task: `Training or validation of a machine-learning model failed this pipeline. Explain to the owner of the model:
- for a gate: which metric missed which threshold and by how much, and how the champion does on it;
- which of the given changes of parameters, data, libraries or code against the champion may explain it, or that none of them is known;
- for data: which column, type, range, file or schema is other than expected;
- for training: which call failed, with which input.
A metric that got worse is a fact; why it got worse is a guess unless a line or a given change shows it, so say how sure it is. Never propose to lower a threshold.`,
};
