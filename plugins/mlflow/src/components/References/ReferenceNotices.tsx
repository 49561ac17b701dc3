// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import {
  MLFLOW_EXPERIMENT_ID_ANNOTATION,
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
  type MlflowExperimentSummary,
  type MlflowInstanceError,
  type MlflowRegisteredModelSummary,
} from '@greenroom/plugin-mlflow-common';
import { Name } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import { isAbsent, isUnmarked } from './references';
import styles from './References.module.css';

type Summary = MlflowExperimentSummary | MlflowRegisteredModelSummary;

interface Kind {
  kind: 'experiment' | 'model';
  /** Whether the component's own pipeline makes what is missing. */
  isGated: boolean;
  errors: readonly MlflowInstanceError[];
}

function useWords({ errors, isGated, kind }: Kind) {
  const { t } = useTranslationRef(mlflowTranslationRef);

  const nextOfMissing = (name: string) => {
    if (isGated) {
      return kind === 'experiment'
        ? t('reference.firstPush')
        : t('reference.firstPass');
    }
    const annotation =
      kind === 'experiment'
        ? MLFLOW_EXPERIMENT_NAME_ANNOTATION
        : MLFLOW_REGISTERED_MODEL_ANNOTATION;
    const check = t('reference.checkAnnotation', { annotation });
    const [prefix, ...rest] = name.split(':');
    return rest.length > 0
      ? `${t('reference.prefix', { prefix })} ${check}`
      : check;
  };

  return (summary: Summary) => {
    const { instance, name } = summary;
    const values = { name: <Name text={name} />, instance };
    const isExperiment = kind === 'experiment';
    switch (summary.state) {
      case 'missing': {
        // Looked for by its id, of which no pipeline makes one.
        const isById = 'experimentId' in summary && !!summary.experimentId;
        if (isById) {
          return {
            words: t('reference.experimentIdMissing', values),
            next: t('reference.checkAnnotation', {
              annotation: MLFLOW_EXPERIMENT_ID_ANNOTATION,
            }),
          };
        }
        return {
          words: isExperiment
            ? t('reference.experimentMissing', values)
            : t('reference.modelMissing', values),
          next: nextOfMissing(name),
        };
      }
      case 'deleted':
        return {
          words: t('reference.experimentDeleted', values),
          next: t('reference.restore'),
        };
      default:
        if (isUnmarked(summary, errors)) {
          return {
            words: isExperiment
              ? t('reference.experimentUnmarked', values)
              : t('reference.modelUnmarked', values),
            next: t('reference.mark'),
          };
        }
        return {
          words: isExperiment
            ? t('reference.experimentNotAllowed', values)
            : t('reference.modelNotAllowed', values),
          next: t('reference.askOwner'),
        };
    }
  };
}

/** A sentence, with its next step, for each reference that leads to no data. */
export function ReferenceNotices(
  props: Kind & { summaries: readonly Summary[] },
) {
  const getWords = useWords(props);
  const absent = props.summaries.filter(isAbsent);
  if (absent.length === 0) {
    return null;
  }
  return (
    <Flex direction="column" gap="3" role="status">
      {absent.map(summary => {
        const { next, words } = getWords(summary);
        return (
          <div key={`${summary.instance}:${summary.name}`}>
            <Text as="p" variant="body-large" className={styles.words}>
              {words}
            </Text>
            <Text as="p" color="secondary" className={styles.words}>
              {next}
            </Text>
          </div>
        );
      })}
    </Flex>
  );
}
