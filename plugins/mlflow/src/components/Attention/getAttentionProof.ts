// SPDX-License-Identifier: Apache-2.0
import { toSafeUrl } from '@greenroom/ui';
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';

/** Where the cause can be read: the pipeline's log before the run. */
export function getAttentionProof({ reason, run, version }: MlflowAttention) {
  if (reason === 'registration-failed') {
    return toSafeUrl(version?.url);
  }
  return toSafeUrl(run?.ciRun?.url) ?? toSafeUrl(run?.url);
}
