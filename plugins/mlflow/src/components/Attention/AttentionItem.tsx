// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';
import { Name, RelativeTime, StatusIcon } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import styles from './AttentionList.module.css';
import { AttentionWords } from './AttentionWords';
import { getAttentionProof } from './getAttentionProof';
import { isDanger, type AttentionRow } from './groupByReason';

function Model(props: { model: NonNullable<AttentionRow['model']> }) {
  const { title, url } = props.model;
  return url ? (
    <Link href={url} className={styles.model}>
      <Name text={title} />
    </Link>
  ) : (
    <strong>
      <Name text={title} />
    </strong>
  );
}

/** What a person should look at: what, since when, and its proof. */
export function AttentionItem(props: {
  attention: MlflowAttention;
  model?: AttentionRow['model'];
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { attention, model } = props;
  const proof = getAttentionProof(attention);
  return (
    <li className={styles.row}>
      <span className={styles.what}>
        <StatusIcon
          status={isDanger(attention.reason) ? 'danger' : 'warning'}
        />
        <span className={styles.words}>
          {model && (
            <>
              <Model model={model} />{' '}
            </>
          )}
          <AttentionWords attention={attention} />
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
}
