// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { MlflowModelVersion } from '@greenroom/plugin-mlflow-common';
import { ExternalLink, Name, RelativeTime, useLocale } from '@greenroom/ui';
import { formatGate } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import { CommitLink } from '../elements';
import { GateFacts } from './GateFacts';
import styles from './TrainingCard.module.css';

const CHAMPION = 'champion';

/** The answer: which version, how good; then when, by whom and from what. */
export function ChampionSentence(props: {
  version: MlflowModelVersion;
  isChampion: boolean;
  isPrompt: boolean;
  /** Whether its run could have been gated. */
  isGated: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { isChampion, isGated, isPrompt, version } = props;
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
      return isPrompt
        ? t('overview.prompt', {
            version: label,
            name: <Name text={version.name} />,
          })
        : t('overview.noChampion', { version: label });
    }
    // A registry of MLflow 2 may know stages only.
    const isByStage = !version.aliases.includes(CHAMPION);
    if (run?.gate) {
      const gate = t('overview.gate', {
        metric: <Name text={run.gate.metric} />,
        comparison: formatGate(run.gate, locale),
      });
      return isByStage
        ? t('overview.productionGated', { version: label, gate })
        : t('overview.championGated', { version: label, gate });
    }
    if (isByStage) {
      return t('overview.production', { version: label });
    }
    // That it was not gated is known of a run that was read.
    return isGated && run
      ? t('overview.championUngated', { version: label })
      : t('overview.champion', { version: label });
  };
  const time = run?.startTime ?? version.creationTime;
  const user = run?.user ?? version.user;

  const getOrigin = (when: JSX.Element, by: string | undefined) => {
    const values = { time: when, user: <Name text={by ?? ''} /> };
    if (run?.startTime !== undefined) {
      return by
        ? t('overview.trainedBy', values)
        : t('overview.trained', values);
    }
    return by
      ? t('overview.registeredBy', values)
      : t('overview.registered', values);
  };

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
      {isChampion && run?.gate && <GateFacts gate={run.gate} />}
      <Text as="p" color="secondary" className={styles.facts}>
        {time !== undefined && (
          <span>{getOrigin(<RelativeTime time={time} />, user)}</span>
        )}
        {version.runMissing && (
          <span>{t(`runMissing.${version.runMissing}`)}</span>
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
