// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** An analysis of drift: the verdict is computed, and not asked for. */
export const driftPrompt: Prompt = {
  id: 'drift',
  version: 1,
  types: [],
  task: `A statistical analysis compared what a served machine-learning model is asked with what it was trained on. The lines are its verdict and figures; they are computed and are not to be judged. Give the data scientist who owns the model a hypothesis, each part with the lines that it rests on:
- as the root cause, which of the three fits the figures best: data drift (features moved, and the accuracy is as before or not known), concept drift (the accuracy fell and the features hardly moved), or decay (both, slowly, over many windows); begin with "Hypothesis:" and name the features with their figures;
- features that moved together or in one window hint at one source: say which, without inventing systems that no line names;
- if there are too few figures to tell the three apart, the outcome is inconclusive;
- the next steps are checks that a person can make, not a retraining: whether to train is not yours to decide.`,
};
