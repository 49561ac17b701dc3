// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { MlflowExperimentSummary } from '@greenroom/plugin-mlflow-common';
import { ExternalLink, Name, useLocale } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import styles from './References.module.css';

type Count = MlflowExperimentSummary['traces'];

function isThere(count: Count) {
  return count !== undefined && count.count > 0;
}

/** Whether an experiment without runs holds something else. */
export function hasGenAi({ loggedModels, traces }: MlflowExperimentSummary) {
  return isThere(traces) || isThere(loggedModels);
}

/** What experiments without runs hold: traces and logged models, by number. */
export function GenAiNotices(props: {
  experiments: readonly MlflowExperimentSummary[];
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const count = (
    value: Count,
    words: (values: { count: number; number: string }) => string,
  ) => {
    if (!value || value.count === 0) {
      return [];
    }
    const number = new Intl.NumberFormat(locale).format(value.count);
    return [
      words({
        count: value.count,
        number: value.isMore ? t('genai.atLeast', { number }) : number,
      }),
    ];
  };
  return (
    <>
      {props.experiments.filter(hasGenAi).map(experiment => {
        const { instance, loggedModels, name, traces, url } = experiment;
        const things = new Intl.ListFormat(locale).format([
          ...count(traces, values => t('genai.traces', values)),
          ...count(loggedModels, values => t('genai.loggedModels', values)),
        ]);
        return (
          <div key={`${instance}:${name}`} role="status">
            <Text as="p" variant="body-large" className={styles.words}>
              {t('genai.holds', { name: <Name text={name} />, things })}
            </Text>
            <Text as="p" color="secondary" className={styles.words}>
              {url
                ? t('genai.next', {
                    link: (
                      <ExternalLink
                        url={url}
                        text={t('mlflow.open')}
                        label={t('mlflow.openOne', { name })}
                      />
                    ),
                  })
                : t('genai.nextUnlinked')}
            </Text>
          </div>
        );
      })}
    </>
  );
}
