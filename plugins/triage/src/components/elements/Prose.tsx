// SPDX-License-Identifier: Apache-2.0
import { readProse } from '@greenroom/plugin-triage-common';
import { toVisibleText } from '@greenroom/ui';
import { Code } from './Code';
import styles from './elements.module.css';

/** A sentence of a report: names, paths and expressions in it stand out as what they are, as in issues and messages. */
export function Prose(props: { text: string }) {
  return (
    <bdi className={styles.prose}>
      {readProse(props.text, toVisibleText).map(({ kind, text }, index) =>
        kind === 'code' ? (
          // Parts of a sentence have no name but their place.
          // eslint-disable-next-line react/no-array-index-key
          <Code key={index} text={text} />
        ) : (
          text
        ),
      )}
    </bdi>
  );
}
