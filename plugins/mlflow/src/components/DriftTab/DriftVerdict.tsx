// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type {
  MlflowDriftLevel,
  MlflowDriftReport,
  MlflowDriftVerdict,
} from '@greenroom/plugin-mlflow-common';
import {
  formatRelativeTime,
  StatusLabel,
  useLocale,
  type Status,
} from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import styles from './Drift.module.css';
import { formatTime } from './formatDrift';

const STATUS: Record<MlflowDriftVerdict, Status> = {
  P0: 'danger',
  P1: 'danger',
  P2: 'warning',
  none: 'success',
  insufficient_data: 'unknown',
};

const LEVEL_STATUS: Record<MlflowDriftLevel, Status> = {
  far: 'danger',
  moved: 'warning',
  none: 'success',
  insufficient_data: 'unknown',
};

/** How one feature stands, as icon and word. */
export function DriftLevelLabel(props: { level: MlflowDriftLevel }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  return (
    <StatusLabel status={LEVEL_STATUS[props.level]}>
      {t(`drift.level.${props.level}`)}
    </StatusLabel>
  );
}

/** A verdict as icon and word. */
export function DriftLabel(props: {
  verdict: MlflowDriftVerdict;
  /** Whether what it asks for is said, too. */
  isLong?: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { isLong, verdict } = props;
  return (
    <StatusLabel status={STATUS[verdict]}>
      {isLong ? t(`drift.verdict.${verdict}`) : t(`drift.short.${verdict}`)}
    </StatusLabel>
  );
}

/** Since when what is farthest is away. */
function findSince({ features }: MlflowDriftReport): number | undefined {
  const farthest = features.some(({ level }) => level === 'far')
    ? 'far'
    : 'moved';
  const times = features.flatMap(({ level, since }) =>
    level === farthest && since !== undefined ? [since] : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** The verdict in a sentence, of which version, and when it was made. */
export function DriftVerdict(props: { report: MlflowDriftReport }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { at, modelVersion: version, reason, verdict } = props.report;
  const since = findSince(props.report);
  const time = at && formatRelativeTime(at, Date.now(), locale);
  return (
    <Flex direction="column" gap="2">
      <Text as="p" variant="body-large" weight="bold">
        <DriftLabel verdict={verdict} isLong />
      </Text>
      {reason && (
        <Text as="p" variant="body-medium" className={styles.words}>
          {reason[0].toUpperCase()}
          {reason.slice(1)}
        </Text>
      )}
      {since !== undefined && (
        <Text as="p">
          {t('drift.since', { time: formatTime(since, locale) })}
        </Text>
      )}
      {time && (
        <Text as="p" color="secondary">
          {version
            ? t('drift.ofVersion', { version, time })
            : t('drift.analysed', { time })}
        </Text>
      )}
    </Flex>
  );
}
