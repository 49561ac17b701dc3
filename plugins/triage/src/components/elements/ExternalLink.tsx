// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { toSafeUrl } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { Name } from './Name';
import styles from './elements.module.css';

/** Text that links out of the portal, where its address may be followed. */
export function ExternalLink(props: {
  url?: string;
  text: string;
  title?: string;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { text, title } = props;
  const url = toSafeUrl(props.url);
  if (!url) {
    return (
      <span title={title}>
        <Name text={text} />
      </span>
    );
  }
  return (
    <Link
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className={styles.link}
      title={title}
      aria-label={t('a11y.opensInNewTab', { name: text })}
    >
      <Name text={text} />
    </Link>
  );
}
