// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { ReactNode } from 'react';
import { Section, useLocale } from '@greenroom/ui';
import { formatMoney, formatNumber } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { Code, Prose } from '../elements';
import styles from './Report.module.css';
import { useSourceWords } from './useSourceWords';

function Fact(props: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

/** How the report was made: by which rule and model, from which lines, and what is missing. */
export function HowMade(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const locale = useLocale();
  const { nameSource } = useSourceWords();
  const { ai, decision, errors, excerpts, failure, redactions } = props.report;
  const secrets = Object.entries(redactions).filter(([, count]) => count > 0);
  const number = (value: number) => formatNumber(value, locale);
  const hasTokens =
    ai.inputTokens !== undefined || ai.outputTokens !== undefined;
  return (
    <Section title={t('made.title')}>
      <dl className={styles.facts}>
        <Fact label={t('made.rule')}>
          {t(`type.${failure.type}`)}, <Code text={failure.rule} />
          <div className={styles.secondary}>
            <Prose text={failure.reason} />
          </div>
        </Fact>
        <Fact label={t('made.priority')}>
          {decision.priority}, {t(`severity.${decision.severity}`)}
          {decision.reasons.map(reason => (
            <div key={reason} className={styles.secondary}>
              <Prose text={reason} />
            </div>
          ))}
        </Fact>
        {ai.status === 'answered' ? (
          <>
            <Fact label={t('made.model')}>
              <Code
                text={[
                  ai.model ?? '',
                  ai.modelVersion === ai.model ? '' : ai.modelVersion,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              />
              {ai.prompt && (
                <div className={styles.secondary}>
                  {t('made.prompt')} <Code text={ai.prompt} />
                </div>
              )}
            </Fact>
            {hasTokens && (
              <Fact label={t('made.cost')}>
                {t('made.tokens', {
                  input: number(ai.inputTokens ?? 0),
                  output: number(ai.outputTokens ?? 0),
                })}
                {ai.cost &&
                  `, ${formatMoney(ai.cost.amount, ai.cost.currency, locale)}`}
              </Fact>
            )}
          </>
        ) : (
          <Fact label={t('made.model')}>
            {t(`verdict.ai.${ai.status}`)}
            {ai.reason && (
              <div className={styles.secondary}>
                <Prose text={ai.reason} />
              </div>
            )}
          </Fact>
        )}
        {excerpts.length > 0 && (
          <Fact
            label={ai.status === 'answered' ? t('made.seen') : t('made.kept')}
          >
            {excerpts.map(({ comparedWithPass, lines, source, totalLines }) => (
              <div key={source}>
                <Code text={nameSource(source)} />{' '}
                <span className={styles.secondary}>
                  {t('made.lines', {
                    shown: number(lines.length),
                    total: number(totalLines),
                  })}
                  {comparedWithPass && `, ${t('made.compared')}`}
                </span>
              </div>
            ))}
          </Fact>
        )}
        <Fact label={t('made.redacted')}>
          {secrets.length === 0
            ? t('made.nothingRedacted')
            : secrets.map(([kind, count]) => (
                <div key={kind}>
                  {number(count)} × <Code text={kind} />
                </div>
              ))}
        </Fact>
        {errors.length > 0 && (
          <Fact label={t('made.incomplete')}>
            {errors.map(({ message, source, stage }) => (
              <div key={`${stage} ${source} ${message}`}>
                <Code text={source ? `${stage}: ${source}` : stage} />{' '}
                <Prose text={message} />
              </div>
            ))}
          </Fact>
        )}
        <Fact label={t('made.signature')}>
          <Code text={failure.signature} />
        </Fact>
      </dl>
    </Section>
  );
}
