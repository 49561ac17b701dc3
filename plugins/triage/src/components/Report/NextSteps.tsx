// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { CopyButton, Section, toVisibleText } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Prose } from '../elements';
import { LineLink } from './Quotes';
import styles from './Report.module.css';

const HUNK = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/m;

function getSign(line: string) {
  if (line.startsWith('+')) {
    return styles.added;
  }
  return line.startsWith('-') ? styles.removed : undefined;
}

function StepText(props: { text: string }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const lines = props.text.split('\n').map(toVisibleText);
  if (!HUNK.test(props.text)) {
    return (
      <div className={styles.text}>
        {lines.length === 1 ? <Prose text={props.text} /> : lines.join('\n')}
      </div>
    );
  }
  return (
    <pre
      className={styles.diff}
      // A frame that scrolls is reached by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={t('steps.diff')}
    >
      {lines.map((line, index) => (
        // A diff's lines have no name but their place.
        // eslint-disable-next-line react/no-array-index-key
        <div key={index} className={getSign(line)}>
          {line}
        </div>
      ))}
    </pre>
  );
}

/** What a person may do; nothing does it by itself. */
export function NextSteps(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { nextSteps } = props.report;
  if (nextSteps.length === 0) {
    return null;
  }
  return (
    <Section title={t('steps.title')}>
      <ol className={styles.list}>
        {nextSteps.map(({ by, evidence, text }) => (
          <li key={text}>
            <div className={styles.step}>
              <div>
                <StepText text={text} />
                {(by === 'model' || evidence.length > 0) && (
                  <div className={styles.source}>
                    {by === 'model' && t('steps.byModel')}
                    {by === 'model' && evidence.length > 0 && ' · '}
                    {evidence.slice(0, 1).map(each => (
                      <LineLink key={each.line} evidence={each} />
                    ))}
                  </div>
                )}
              </div>
              <CopyButton text={text} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
