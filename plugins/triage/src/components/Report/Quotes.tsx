// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { Evidence } from '@greenroom/plugin-triage-common';
import { Name, toVisibleText } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { useIncidentKind, useLineUrl } from './LogLinks';
import styles from './Report.module.css';
import { useSourceWords } from './useSourceWords';

/** Where something stands; a link to that line where the log was kept. */
export function LineLink(props: { evidence: Evidence }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const getLineUrl = useLineUrl();
  const { namePlace } = useSourceWords();
  const isPipeline = useIncidentKind() === 'pipeline';
  const { line, quote, source } = props.evidence;
  const url = getLineUrl(source, line);
  const words = namePlace(props.evidence);
  return url ? (
    <Link
      href={url}
      title={t(isPipeline ? 'quote.open' : 'quote.openSource')}
      aria-description={quote}
    >
      <Name text={words} />
    </Link>
  ) : (
    <Name text={words} />
  );
}

/** What proves a statement: the lines, each with where it stands. */
export function Quotes(props: {
  evidence: readonly Evidence[];
  most?: number;
}) {
  const { evidence, most = 5 } = props;
  return (
    <>
      {evidence.slice(0, most).map(each => (
        <figure key={`${each.source}:${each.line}`} className={styles.quote}>
          <blockquote className={styles.quoted}>
            {toVisibleText(each.quote)}
          </blockquote>
          <figcaption className={styles.source}>
            <LineLink evidence={each} />
          </figcaption>
        </figure>
      ))}
    </>
  );
}
