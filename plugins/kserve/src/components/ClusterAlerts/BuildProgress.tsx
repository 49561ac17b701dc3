// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Card, CardBody, Flex, Text } from '@backstage/ui';
import type { KserveClusterBuild } from '@greenroom/plugin-kserve-common';
import { useId } from 'react';
import { kserveTranslationRef } from '../../translations';
import styles from './ClusterAlerts.module.css';

/** How far the local cluster is, or why it will not come. */
export function BuildProgress(props: { build: KserveClusterBuild }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const id = useId();
  const { detail, minutesLeft, of, problem, step } = props.build;
  if (problem) {
    return (
      <Alert
        role="status"
        status="warning"
        icon
        title={t('build.problem')}
        description={problem}
        className={styles.alert}
      />
    );
  }
  const count = { step: String(step), of: String(of) };
  return (
    <Card>
      <CardBody>
        <Flex direction="column" gap="2">
          <Text as="p" variant="body-large" id={id} role="status">
            {minutesLeft === undefined
              ? t('build.progress', count)
              : t('build.progressLeft', {
                  ...count,
                  minutes: String(Math.max(Math.ceil(minutesLeft), 1)),
                })}
          </Text>
          <progress
            className={styles.progress}
            aria-labelledby={id}
            max={of}
            value={step}
          />
          <Text as="p" color="secondary">
            {detail}
          </Text>
        </Flex>
      </CardBody>
    </Card>
  );
}
