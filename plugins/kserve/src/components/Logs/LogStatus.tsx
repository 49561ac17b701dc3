// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Text } from '@backstage/ui';
import { StatusIcon } from '@greenroom/ui';
import { getErrorWords } from '../../api';
import { kserveTranslationRef } from '../../translations';
import styles from './Logs.module.css';
import type { Log } from './useLog';

/** How much of a log is shown, and whether more comes. */
export function LogStatus(props: {
  log: Log;
  /** How many lines hold what is searched; undefined without a search. */
  matches: number | undefined;
  isFollowed: boolean;
  isPrevious: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { isFollowed, isPrevious, log, matches } = props;
  const { dropped, error, lines, reload, state } = log;
  const getWords = () => {
    const { message, status } = getErrorWords(error);
    if (state !== 'failed') {
      return state === 'ended' && isFollowed
        ? t('logs.state.stopped')
        : t(`logs.state.${state}`);
    }
    if (status === 403) {
      return t('logs.notAllowed');
    }
    return isPrevious && (status === 400 || status === 404)
      ? t('logs.noPrevious')
      : t('logs.failed', { message });
  };
  const figures = [
    t('logs.lineCount', { count: lines.length }),
    dropped > 0 ? t('logs.dropped', { count: dropped }) : '',
    matches === undefined ? '' : t('logs.matchCount', { count: matches }),
  ];
  return (
    <Flex gap="3" align="center" className={styles.controls}>
      {state === 'failed' && <StatusIcon status="warning" />}
      <Text as="p" color="secondary" role="status">
        {getWords()}
      </Text>
      <Text as="p" color="secondary">
        {figures.filter(Boolean).join(', ')}
      </Text>
      {(state === 'ended' || state === 'failed') && (
        <Button size="small" variant="secondary" onPress={reload}>
          {t('logs.reload')}
        </Button>
      )}
    </Flex>
  );
}
