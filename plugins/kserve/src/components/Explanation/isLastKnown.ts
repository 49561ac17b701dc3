// SPDX-License-Identifier: Apache-2.0
import type { KserveClusterError } from '@greenroom/plugin-kserve-common';

/** Whether what is shown of a cluster was so when it, or the portal's backend, last answered. */
export function isLastKnown(
  cluster: string,
  asked: { errors: readonly KserveClusterError[]; failure?: Error },
) {
  return (
    asked.failure !== undefined ||
    asked.errors.some(
      error => error.cluster === cluster && error.staleSince !== undefined,
    )
  );
}
