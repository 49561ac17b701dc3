// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import type { KserveRolloutStep } from '@greenroom/plugin-kserve-common';
import {
  formatDuration,
  formatExactTime,
  type Status,
  StatusIcon,
  useLocale,
  useNow,
} from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import styles from './Rollout.module.css';

const STATUS: Record<KserveRolloutStep['state'], Status> = {
  done: 'success',
  active: 'running',
  failed: 'danger',
  waiting: 'waiting',
  skipped: 'stopped',
};

function Step(props: { step: KserveRolloutStep; now: number }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { finishedAt, name, startedAt, state, typicalMs } = props.step;
  const times: string[] = [];
  if (startedAt !== undefined && state !== 'waiting' && state !== 'skipped') {
    const ms = Math.max((finishedAt ?? props.now) - startedAt, 0);
    const duration = formatDuration(ms, locale);
    if (state !== 'done') {
      times.push(t('rollout.for', { duration }));
    } else {
      // Kubernetes writes whole seconds.
      times.push(
        ms < 1_000 ? t('rollout.tookLess') : t('rollout.took', { duration }),
      );
    }
  }
  if (typicalMs !== undefined) {
    times.push(
      typicalMs < 1_000
        ? t('rollout.typicalLess')
        : t('rollout.typical', { duration: formatDuration(typicalMs, locale) }),
    );
  }
  const finished =
    finishedAt === undefined ? undefined : formatExactTime(finishedAt, locale);
  return (
    <li className={styles.step}>
      <StatusIcon status={STATUS[state]} />
      <div>
        <span>{t(`rollout.${name}`)}</span>{' '}
        {state === 'done' || state === 'waiting' ? (
          <VisuallyHidden>{t(`rollout.${state}`)}</VisuallyHidden>
        ) : (
          <span className={state === 'skipped' ? styles.times : styles.state}>
            {t(`rollout.${state}`)}
          </span>
        )}
        {times.map(words => (
          <span key={words} className={styles.times} title={finished}>
            {words}
          </span>
        ))}
      </div>
    </li>
  );
}

/** A rollout step by step, each with its time beside what is typical. */
export function RolloutSteps(props: { steps: readonly KserveRolloutStep[] }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const now = useNow(props.steps.some(({ state }) => state === 'active'));
  return (
    <ol className={styles.steps} aria-label={t('rollout.title')}>
      {props.steps.map(step => (
        <Step key={step.name} step={step} now={now} />
      ))}
    </ol>
  );
}
