// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { toSafeUrl } from '../formatting';
import { uiTranslationRef } from '../translations';
import { Name } from './Name';
import styles from './elements.module.css';

/** Text that links out of the portal, where its address may be followed. @public */
export function ExternalLink(props: {
  url?: string;
  text: string;
  title?: string;
  /** What a screen reader says, where the text alone says too little. */
  label?: string;
  isClipped?: boolean;
}) {
  const { t } = useTranslationRef(uiTranslationRef);
  const { isClipped, label, text, title } = props;
  const url = toSafeUrl(props.url);
  const name = <Name text={text} isClipped={isClipped && !title} />;
  if (!url) {
    return <span title={title}>{name}</span>;
  }
  return (
    <Link
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className={styles.link}
      title={title}
      aria-label={t('link.opensInNewTab', { name: label ?? text })}
    >
      {name}
    </Link>
  );
}
