// SPDX-License-Identifier: Apache-2.0
import {
  isMlflowAnswer,
  type MlflowInstanceError,
} from '@greenroom/plugin-mlflow-common';

/** Whether an instance gave no answer, so that "none" must not be concluded. */
export function isUnknown(errors: readonly MlflowInstanceError[]) {
  return errors.some(error => !isMlflowAnswer(error));
}
