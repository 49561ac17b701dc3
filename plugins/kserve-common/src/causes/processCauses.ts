// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';
import { gpuCauses, machineCauses } from './machineCauses';
import { modelCauses, versionCauses } from './modelCauses';
import { accessCauses, storageCauses } from './storageCauses';

/** All that a log or a termination message of a container may tell, the most telling first. */
export const processCauses: readonly Cause[] = [
  ...gpuCauses,
  ...accessCauses,
  ...versionCauses,
  ...storageCauses,
  ...modelCauses,
  ...machineCauses,
];

/** What a log says of a model that does not answer although its pod is ready. */
export const loadFailures: readonly string[] = [
  'fail to load model',
  'failed to load model',
  "failed to load '",
  'error loading model',
  'load model failed',
  'could not load model',
  'failed loading',
  'unable to load model',
  'load failed when',
  'load failed for',
  'failed to boot',
  'could not be loaded',
  'error while loading',
];

/** What a log warns of although the model is loaded. */
export const logWarnings: readonly Cause[] = [
  {
    any: ['inconsistentversionwarning', 'trying to unpickle estimator'],
    words:
      'the model was saved with a different scikit-learn version than the server has (version mismatch)',
    next: "Train or export the model again with the server's scikit-learn version, or use a runtime with the model's.",
  },
  {
    any: ['please export the model by calling', 'xgboost version'],
    words:
      'the model was saved with a different XGBoost version than the server has (version mismatch)',
    next: "Save the model again (Booster.save_model) with the server's XGBoost version.",
  },
  {
    any: ['detected one or more mismatches between the model'],
    words:
      "the server's packages differ from those that the model names (version mismatch)",
    next: 'Build the server with the packages that the model names.',
  },
];
