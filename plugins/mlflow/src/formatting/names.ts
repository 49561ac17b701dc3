// SPDX-License-Identifier: Apache-2.0
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';

// Spaces, controls, and what fonts draw as nothing (U+2800 is a blank braille).
const INVISIBLE =
  /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** A run's name, or its id where the name shows nothing. */
export function getRunName(run: Pick<MlflowRun, 'runName' | 'runId'>) {
  return INVISIBLE.test(run.runName) ? run.runId : run.runName;
}
