// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Card, CardBody, Flex, Text } from '@backstage/ui';
import { RiErrorWarningFill, RiLoader4Line } from '@remixicon/react';
import { homeLayoutTranslationRef } from '../../translations';
import styles from './SetupProgress.module.css';
import { useSetupTasks, type SetupTask } from './useSetupTasks';

function useTaskWords() {
  const { t } = useTranslationRef(homeLayoutTranslationRef);
  return ({ detail, minutesLeft, of, startedAt, state, step }: SetupTask) => {
    if (state === 'failed') {
      return t('setup.failed', { detail });
    }
    const seconds = Math.max(0, Math.round((Date.now() - startedAt) / 1000));
    return [
      step && of ? t('setup.step', { step: `${step}`, of: `${of}` }) : '',
      detail,
      minutesLeft
        ? t('setup.minutesLeft', { count: minutesLeft })
        : t(seconds < 60 ? 'setup.seconds' : 'setup.minutes', {
            count: seconds < 60 ? seconds : Math.floor(seconds / 60),
          }),
    ]
      .filter(Boolean)
      .join(', ');
  };
}

/** What is still being set up, a line each; gone when all is done. */
export function SetupProgress() {
  const { t } = useTranslationRef(homeLayoutTranslationRef);
  const toWords = useTaskWords();
  const open = useSetupTasks().filter(({ state }) => state !== 'done');
  if (open.length === 0) {
    return null;
  }
  return (
    <Card role="status" aria-label={t('setup.title')}>
      <CardBody>
        <Flex direction="column" gap="2">
          {open.map(task => (
            <div key={task.id} className={styles.task}>
              {task.state === 'failed' ? (
                <RiErrorWarningFill
                  size={16}
                  aria-hidden="true"
                  className={styles.failed}
                />
              ) : (
                <RiLoader4Line
                  size={16}
                  aria-hidden="true"
                  className={styles.running}
                />
              )}
              <Text>
                <strong>{task.title}</strong>: {toWords(task)}
              </Text>
            </div>
          ))}
        </Flex>
      </CardBody>
    </Card>
  );
}
