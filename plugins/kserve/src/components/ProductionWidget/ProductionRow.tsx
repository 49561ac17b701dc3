// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  KserveModelSummary,
  KserveTrafficShare,
} from '@greenroom/plugin-kserve-common';
import { Name, useLocale } from '@greenroom/ui';
import { formatPercent } from '../../formatting';
import { kserveTranslationRef } from '../../translations';
import { isLastKnown } from '../Explanation';
import { ModelVersion, StateLabel } from '../elements';
import styles from './ProductionWidget.module.css';

function Shares(props: { shares: readonly KserveTrafficShare[] | null }) {
  const locale = useLocale();
  const shares = props.shares?.filter(({ percent }) => percent > 0) ?? [];
  return (
    <>
      {shares.map(({ percent, revision }) => (
        <div key={revision}>
          {formatPercent(percent, locale)} <Name text={revision} />
        </div>
      ))}
      {shares.length === 0 && '–'}
    </>
  );
}

/** The rows of one model: one for each inference service. */
export function ProductionRow(props: {
  model: KserveModelSummary;
  url: string | undefined;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { model, url } = props;
  const { errors, items, title } = model;
  const name = (
    <th scope="row" rowSpan={Math.max(items.length, 1)}>
      {url ? (
        <Link href={url}>
          <Name text={title} />
        </Link>
      ) : (
        <Name text={title} />
      )}
    </th>
  );
  if (items.length === 0) {
    return (
      <tr>
        {name}
        <td colSpan={4} className={styles.secondary}>
          {errors.length > 0
            ? t('home.unknown', { cluster: errors[0].cluster })
            : t('home.notServed')}
        </td>
      </tr>
    );
  }
  return (
    <>
      {items.map((item, index) => (
        <tr key={`${item.cluster}:${item.namespace}/${item.name}`}>
          {index === 0 && name}
          <td>
            <StateLabel
              state={item.explanation.state}
              isLastKnown={isLastKnown(item.cluster, { errors })}
            />
          </td>
          <td className={styles.figure}>
            <ModelVersion model={item.model} />
          </td>
          <td className={styles.figure}>
            <Shares shares={item.explanation.traffic} />
          </td>
          <td>
            <Name text={item.explanation.sentence} />
            {items.length > 1 && (
              <div className={styles.secondary}>
                {t('panel.place', {
                  namespace: item.namespace,
                  cluster: item.cluster,
                })}
              </div>
            )}
          </td>
        </tr>
      ))}
    </>
  );
}
