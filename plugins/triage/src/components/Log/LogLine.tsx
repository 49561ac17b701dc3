// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { memo } from 'react';
import { Link } from 'react-router-dom';
import { toVisibleText } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import styles from './Log.module.css';
import { splitByMatches } from './findMatches';

function Line(props: {
  number: number;
  text: string;
  to: string;
  search: string;
  isTarget: boolean;
  isQuoted: boolean;
  isCurrentMatch: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { isCurrentMatch, isQuoted, isTarget, number, search, text, to } =
    props;
  const names = [
    styles.line,
    isQuoted ? styles.quoted : '',
    isTarget ? styles.target : '',
    isCurrentMatch ? styles.current : '',
  ];
  return (
    <div className={names.filter(Boolean).join(' ')} data-line={number}>
      <Link
        to={to}
        className={styles.number}
        aria-label={t('log.line', { line: String(number) })}
        aria-current={isTarget ? 'location' : undefined}
      >
        {number}
      </Link>
      <span className={styles.content}>
        {isQuoted && <VisuallyHidden>{t('log.quoted')} </VisuallyHidden>}
        {splitByMatches(toVisibleText(text), search).map((part, index) =>
          index % 2 === 1 ? (
            // Parts of a line have no name but their place.
            // eslint-disable-next-line react/no-array-index-key
            <mark key={index}>{part}</mark>
          ) : (
            part
          ),
        )}
      </span>
    </div>
  );
}

/** One line of a log: its number, which is its address, and its text. */
export const LogLine = memo(Line);
