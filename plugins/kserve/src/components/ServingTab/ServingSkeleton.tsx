// SPDX-License-Identifier: Apache-2.0
import { Card, CardBody, Flex, Skeleton } from '@backstage/ui';
import styles from './ServingTab.module.css';

/** The place that one panel takes. */
export function ServingSkeleton() {
  return (
    <div className={styles.service}>
      <div className={styles.columns}>
        <Card>
          <CardBody>
            <Flex direction="column" gap="4" aria-busy="true">
              <Skeleton width="30%" height="1.5rem" />
              <Skeleton width="80%" height="1.5rem" />
              <Skeleton width="100%" height="3.5rem" />
              <Skeleton width="100%" height="6rem" />
              <Skeleton width="100%" height="4rem" />
              <Skeleton width="100%" height="7rem" />
              <Skeleton width="100%" height="12rem" />
            </Flex>
          </CardBody>
        </Card>
        <Card>
          <CardBody>
            <Flex direction="column" gap="3">
              <Skeleton width="30%" height="1.5rem" />
              <Skeleton width="100%" height="4rem" />
            </Flex>
          </CardBody>
        </Card>
      </div>
    </div>
  );
}
