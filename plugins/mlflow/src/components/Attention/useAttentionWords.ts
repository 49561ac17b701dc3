import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';
import { formatGate, formatMetric } from '../../formatting';
import { useLocale } from '../../hooks/useLocale';
import { mlflowTranslationRef } from '../../translations';

/** Says in words why a model needs attention. */
export function useAttentionWords() {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();

  const gateWords = ({ run }: MlflowAttention) => {
    const gate = run?.gate;
    if (!gate) {
      return t('attention.gateFailedUnread');
    }
    const { championValue, championVersion, metric } = gate;
    const comparison = formatGate(gate, locale);
    const branch = run.commit?.branch;
    const verdict = branch
      ? t('attention.gateFailedOnBranch', { branch, metric, comparison })
      : t('attention.gateFailed', { metric, comparison });
    return championVersion !== undefined && championValue !== undefined
      ? `${verdict} ${t('attention.champion', {
          version: championVersion,
          value: formatMetric(championValue, locale),
        })}`
      : verdict;
  };

  return (attention: MlflowAttention): string => {
    const { error, reason, run, version } = attention;
    switch (reason) {
      case 'gate-failed':
        return gateWords(attention);
      case 'run-failed':
        return run?.status === 'KILLED'
          ? t('attention.runKilled', { name: run.runName })
          : t('attention.runFailed', { name: run?.runName ?? '' });
      case 'registration-failed':
        return t('attention.registrationFailed', {
          version: version ? `v${version.version}` : '',
        });
      case 'no-champion':
        return t('attention.noChampion');
      case 'instance-unavailable':
        return t('attention.unavailable', { instance: error?.instance ?? '' });
      default:
        return t('attention.unknown');
    }
  };
}
