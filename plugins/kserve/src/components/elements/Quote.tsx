// SPDX-License-Identifier: Apache-2.0
import type { KserveEvidence } from '@greenroom/plugin-kserve-common';
import { Name } from '@greenroom/ui';
import { toPlainText } from '../../formatting';
import styles from './elements.module.css';

/** What proves a sentence, in its own words, and where it stands. */
export function Quote(props: { evidence: KserveEvidence }) {
  const { quote, source } = props.evidence;
  return (
    <figure className={styles.quote}>
      <blockquote className={styles.quoted}>{toPlainText(quote)}</blockquote>
      <figcaption className={styles.source}>
        <Name text={toPlainText(source)} />
      </figcaption>
    </figure>
  );
}
