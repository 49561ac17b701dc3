// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, SearchField, Select, Switch, Text } from '@backstage/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import { useState } from 'react';
import { kserveTranslationRef } from '../../translations';
import { getContainers } from './getContainers';
import { LogStatus } from './LogStatus';
import { LogText, findLines } from './LogText';
import styles from './Logs.module.css';
import { useLog } from './useLog';

const MINUTE = 60;
const SINCE = [
  ['5m', 5 * MINUTE],
  ['1h', 60 * MINUTE],
  ['1d', 24 * 60 * MINUTE],
  ['all', undefined],
] as const;

function LogReader(props: {
  entityRef: string;
  service: KserveInferenceService;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { entityRef, service } = props;
  const { cluster, name, namespace } = service;
  const { choices, first } = getContainers(service);
  const [chosenId, setChosenId] = useState(first?.id);
  const [isFollowed, setIsFollowed] = useState(true);
  const [isPrevious, setIsPrevious] = useState(false);
  const [since, setSince] = useState('all');
  const [search, setSearch] = useState('');
  // A pod that is gone leaves its place to the one that came.
  const chosen = choices.find(({ id }) => id === chosenId) ?? first;

  const log = useLog(
    { entityRef, cluster, namespace, name },
    chosen && {
      pod: chosen.pod.name,
      container: chosen.container.name,
      follow: isFollowed && !isPrevious,
      previous: isPrevious,
      sinceSeconds: SINCE.find(([id]) => id === since)?.[1],
    },
  );
  if (!chosen) {
    return (
      <Text as="p" color="secondary">
        {t('logs.noPods')}
      </Text>
    );
  }
  const text = search.trim();
  const lines = text ? findLines(log.lines, text) : log.lines;
  const getNone = () => {
    if (log.state === 'loading') {
      return t('logs.loading');
    }
    return text && log.lines.length > 0 ? t('logs.noMatches') : t('logs.empty');
  };
  return (
    <Flex direction="column" gap="3">
      <Flex gap="3" align="end" className={styles.controls}>
        <Select
          className={styles.container}
          label={t('logs.container')}
          options={choices.map(({ container, id, pod }) => ({
            value: id,
            label: `${container.name} · ${pod.name}`,
          }))}
          value={chosen.id}
          onChange={value => setChosenId(String(value))}
        />
        <Select
          label={t('logs.since')}
          options={SINCE.map(([id]) => ({
            value: id,
            label: t(`logs.sinceOption.${id}`),
          }))}
          value={since}
          onChange={value => setSince(String(value))}
        />
        <SearchField
          className={styles.search}
          label={t('logs.search')}
          value={search}
          onChange={setSearch}
        />
        <Switch
          label={t('logs.follow')}
          isSelected={isFollowed && !isPrevious}
          isDisabled={isPrevious}
          onChange={setIsFollowed}
        />
        <Switch
          label={t('logs.previous')}
          isSelected={isPrevious}
          onChange={setIsPrevious}
        />
      </Flex>
      <LogText
        lines={lines}
        search={text}
        label={t('logs.of', {
          container: chosen.container.name,
          pod: chosen.pod.name,
        })}
        none={getNone()}
      />
      <LogStatus
        log={log}
        matches={text ? lines.length : undefined}
        isFollowed={isFollowed && !isPrevious}
        isPrevious={isPrevious}
      />
    </Flex>
  );
}

/** The log of a container: chosen, followed, searched. */
export function Logs(props: {
  entityRef: string;
  service: KserveInferenceService;
  canRead: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { canRead, entityRef, service } = props;
  return canRead ? (
    <LogReader entityRef={entityRef} service={service} />
  ) : (
    <Text as="p">{t('logs.notAllowed')}</Text>
  );
}
