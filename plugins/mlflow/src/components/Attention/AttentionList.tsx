import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';
import { mlflowTranslationRef } from '../../translations';
import { RelativeTime, StatusIcon } from '../elements';
import styles from './AttentionList.module.css';
import { getAttentionProof } from './getAttentionProof';
import { useAttentionWords } from './useAttentionWords';

export interface AttentionRow {
  attention: MlflowAttention;
  /** Named where rows of several models stand together. */
  model?: { title: string; url?: string };
}

const DANGERS: ReadonlyArray<MlflowAttention['reason']> = [
  'gate-failed',
  'run-failed',
  'registration-failed',
];

/** What a person should look at: what, since when, and its proof. */
export function AttentionList(props: { rows: readonly AttentionRow[] }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const getWords = useAttentionWords();
  return (
    <ul className={styles.list} aria-label={t('attention.title')}>
      {props.rows.map(({ attention, model }) => {
        const words = getWords(attention);
        const proof = getAttentionProof(attention);
        return (
          <li
            className={styles.row}
            key={`${model?.url} ${model?.title} ${attention.reason} ${attention.run?.runId} ${words}`}
          >
            <span className={styles.what}>
              <StatusIcon
                status={
                  DANGERS.includes(attention.reason) ? 'danger' : 'warning'
                }
              />
              <span className={styles.words}>
                {model && (
                  <>
                    {model.url ? (
                      <Link href={model.url} className={styles.model}>
                        {model.title}
                      </Link>
                    ) : (
                      <strong>{model.title}</strong>
                    )}{' '}
                  </>
                )}
                {words}
              </span>
            </span>
            <span className={styles.end}>
              {attention.since !== undefined && (
                <RelativeTime time={attention.since} />
              )}
              {proof && (
                <Link
                  href={proof}
                  target="_blank"
                  rel="noopener noreferrer"
                  aria-label={t('a11y.opensInNewTab', {
                    name: model
                      ? t('attention.whyOf', { model: model.title })
                      : t('attention.why'),
                  })}
                >
                  {t('attention.why')}
                </Link>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
