// SPDX-License-Identifier: Apache-2.0
import { Flex, Skeleton } from '@backstage/ui';

/** The place of a few rows. */
export function InboxSkeleton() {
  return (
    <Flex direction="column" gap="3" aria-busy="true">
      <Skeleton width="100%" height="2.5rem" />
      <Skeleton width="100%" height="2.5rem" />
      <Skeleton width="100%" height="2.5rem" />
    </Flex>
  );
}
