// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import { formatDuration, Name, StatusLabel, useLocale } from '@greenroom/ui';
import { getErrorWords } from '../../api';
import { formatBytes, toPlainText } from '../../formatting';
import { kserveTranslationRef } from '../../translations';
import { compareAnswers } from './compareAnswers';
import { toJsonText } from './literals';
import styles from './TryIt.module.css';
import type { Outcome, Prediction } from './usePrediction';

function toText(body: unknown) {
  return toPlainText(typeof body === 'string' ? body : toJsonText(body));
}

function getSize(body: unknown) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  return new TextEncoder().encode(sent).length;
}

function Failure(props: { error: Error | undefined }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { message, status } = getErrorWords(props.error);
  const getWords = () => {
    switch (status) {
      case 403:
        return t('tryIt.notAllowed');
      case 413:
        return t('tryIt.tooLarge');
      case 429:
        return t('tryIt.tooMany');
      case 504:
        return t('tryIt.timeout');
      default:
        return t('tryIt.failed');
    }
  };
  return (
    <>
      <StatusLabel status="danger">{getWords()}</StatusLabel>
      {message && (
        <Text as="p" color="secondary">
          <Name text={toPlainText(message)} />
        </Text>
      )}
    </>
  );
}

function Answer(props: { title: string; outcome: Outcome }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { outcome, title } = props;
  const { answer } = outcome;
  const isOk = answer && answer.status >= 200 && answer.status < 300;
  const text = answer ? toText(answer.body) : '';
  const size = getSize(answer?.body);
  return (
    <section className={styles.answer} aria-label={title}>
      <Text as="h3" variant="body-medium" weight="bold">
        {title}
      </Text>
      {answer ? (
        <>
          <Flex gap="2" className={styles.row}>
            <StatusLabel status={isOk ? 'success' : 'danger'}>
              {t('tryIt.status', { status: String(answer.status) })}
            </StatusLabel>
            <span className={styles.figures}>
              {[
                answer.modelVersion &&
                  t('tryIt.answeredBy', { version: answer.modelVersion }),
                formatDuration(answer.latencyMs, locale),
                formatBytes(size, locale),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </Flex>
          <pre
            className={styles.text}
            // A frame that scrolls is reached by keyboard.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            role="group"
            aria-label={t('tryIt.bodyOf', { title })}
          >
            {text}
          </pre>
          {answer.truncated && (
            <Text as="p" color="secondary">
              {t('tryIt.truncated')}
            </Text>
          )}
        </>
      ) : (
        <Failure error={outcome.error} />
      )}
    </section>
  );
}

function Differences(props: { prediction: Prediction }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { canary, stable } = props.prediction;
  if (!stable.answer || !canary?.answer) {
    return null;
  }
  const { differences, hasMore } = compareAnswers(
    stable.answer.body,
    canary.answer.body,
  );
  if (differences.length === 0) {
    return <StatusLabel status="success">{t('tryIt.sameAnswer')}</StatusLabel>;
  }
  const toWords = (value: unknown) =>
    value === undefined
      ? t('tryIt.absent')
      : toPlainText(JSON.stringify(value));
  return (
    <div>
      <Text as="p" weight="bold">
        {t('tryIt.differences')}
      </Text>
      <ul className={styles.differences}>
        {differences.map(difference => {
          const change =
            typeof difference.stable === 'number' &&
            typeof difference.canary === 'number'
              ? difference.canary - difference.stable
              : undefined;
          return (
            <li key={difference.path}>
              <Name text={toPlainText(difference.path)} />{' '}
              {toWords(difference.stable)} → {toWords(difference.canary)}
              {change !== undefined &&
                ` (${change > 0 ? '+' : '−'}${Number(Math.abs(change).toPrecision(3))})`}
            </li>
          );
        })}
        {hasMore && <li>{t('tryIt.more')}</li>}
      </ul>
    </div>
  );
}

/** What the model answered, its canary beside it, and where they differ. */
export function Answers(props: { prediction: Prediction }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { canary, stable } = props.prediction;
  return (
    <Flex direction="column" gap="3" role="status">
      <div className={styles.answers}>
        <Answer
          title={canary ? t('tryIt.stable') : t('tryIt.answer')}
          outcome={stable}
        />
        {canary && (
          <Answer
            title={t('tryIt.canary', { name: canary.name })}
            outcome={canary}
          />
        )}
      </div>
      <Differences prediction={props.prediction} />
    </Flex>
  );
}
