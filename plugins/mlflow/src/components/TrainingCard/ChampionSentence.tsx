import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { MlflowModelVersion } from '@greenroom/plugin-mlflow-common';
import { formatGate } from '../../formatting';
import { useLocale } from '../../hooks/useLocale';
import { mlflowTranslationRef } from '../../translations';
import { CommitLink, ExternalLink, RelativeTime } from '../elements';
import styles from './TrainingCard.module.css';

/** The answer: which version, how good; then when, by whom and from what. */
export function ChampionSentence(props: {
  version: MlflowModelVersion;
  isChampion: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { isChampion, version } = props;
  const { run } = version;
  const label = (
    <ExternalLink
      url={version.url}
      text={`v${version.version}`}
      title={version.name}
    />
  );
  const sentence = () => {
    if (!isChampion) {
      return t('overview.noChampion', { version: label });
    }
    return run?.gate
      ? t('overview.champion', {
          version: label,
          gate: t('overview.gate', {
            metric: run.gate.metric,
            comparison: formatGate(run.gate, locale),
          }),
        })
      : t('overview.championUngated', { version: label });
  };
  const trainedAt = run?.startTime ?? version.creationTime;
  const trainedBy = run?.user ?? version.user;

  return (
    <Flex direction="column" gap="1">
      <Text
        as="p"
        variant="body-large"
        weight="bold"
        className={styles.figures}
      >
        {sentence()}
      </Text>
      <Text as="p" color="secondary" className={styles.facts}>
        {trainedAt !== undefined && (
          <span>
            {trainedBy
              ? t('overview.trainedBy', {
                  time: <RelativeTime time={trainedAt} />,
                  user: trainedBy,
                })
              : t('overview.trained', {
                  time: <RelativeTime time={trainedAt} />,
                })}
          </span>
        )}
        {run?.commit && (
          <span>
            {t('overview.commit', {
              commit: <CommitLink commit={run.commit} />,
            })}
          </span>
        )}
        {run?.ciRun && (
          <span>
            {t('overview.ciRun', {
              run: (
                <ExternalLink
                  url={run.ciRun.url}
                  text={run.ciRun.id}
                  title={run.ciRun.workflow}
                />
              ),
            })}
          </span>
        )}
      </Text>
    </Flex>
  );
}
