// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';
import type { ReactNode } from 'react';
import { formatAge, Name, useLocale } from '@greenroom/ui';
import { formatGate, formatMetric, getRunName } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';

function GateWords({ attention: { run } }: { attention: MlflowAttention }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();

  const gate = run?.gate;
  if (!gate) {
    return <>{t('attention.gateFailedUnread')}</>;
  }
  const { championValue, championVersion } = gate;
  const values = {
    metric: <Name text={gate.metric} />,
    comparison: formatGate(gate, locale),
    branch: <Name text={run.commit?.branch ?? ''} />,
  };
  if (gate.reason) {
    // It has the figures, the champion's included where that decided.
    const reason = <Name text={gate.reason} />;
    return run.commit?.branch
      ? t('attention.gateReasonOnBranch', { branch: values.branch, reason })
      : t('attention.gateReason', { reason });
  }
  const verdict = run.commit?.branch
    ? t('attention.gateFailedOnBranch', values)
    : t('attention.gateFailed', values);
  return championVersion !== undefined && championValue !== undefined ? (
    <>
      {verdict}{' '}
      {t('attention.champion', {
        version: championVersion,
        value: formatMetric(championValue, locale),
      })}
    </>
  ) : (
    <>{verdict}</>
  );
}

/** Says in words why a model needs attention. */
export function AttentionWords({ attention }: { attention: MlflowAttention }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const words = (): ReactNode => {
    const { error, experiment, reason, run, since, version } = attention;
    const name = <Name text={run ? getRunName(run) : ''} />;
    switch (reason) {
      case 'gate-failed':
        return <GateWords attention={attention} />;
      case 'run-failed':
        return run?.status === 'KILLED'
          ? t('attention.runKilled', { name })
          : t('attention.runFailed', { name });
      case 'run-stalled':
        return t('attention.runStalled', {
          name,
          duration: formatAge(Date.now() - (since ?? Date.now()), locale),
        });
      case 'registration-failed':
        return t('attention.registrationFailed', {
          version: version ? `v${version.version}` : '',
        });
      case 'no-champion':
        return t('attention.noChampion');
      case 'not-found':
        if (!experiment) {
          return t('attention.notFound');
        }
        return experiment.state === 'deleted'
          ? t('attention.experimentDeleted', {
              name: <Name text={experiment.name} />,
              instance: experiment.instance,
            })
          : t('attention.experimentMissing', {
              name: <Name text={experiment.name} />,
              instance: experiment.instance,
            });
      case 'instance-unavailable':
        return t('attention.unavailable', { instance: error?.instance ?? '' });
      default:
        return t('attention.unknown');
    }
  };
  return <>{words()}</>;
}
