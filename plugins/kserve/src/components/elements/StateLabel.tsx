// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { KserveState } from '@greenroom/plugin-kserve-common';
import { type Status, StatusLabel } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';

const STATUS: Record<KserveState, Status> = {
  ready: 'success',
  progressing: 'running',
  degraded: 'danger',
  stopped: 'stopped',
  unknown: 'unknown',
};

/** How an inference service is, in few words: nothing is well while an alert fires, or nobody answers. */
export function StateLabel(props: {
  state: KserveState;
  isAlerting?: boolean;
  isLastKnown?: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { isAlerting = false, isLastKnown = false, state } = props;
  const getLabel = (): [Status, string] => {
    if (isLastKnown) {
      return ['unknown', t('state.lastKnown', { state: t(`state.${state}`) })];
    }
    return isAlerting && state === 'ready'
      ? ['warning', t('state.alerting')]
      : [STATUS[state], t(`state.${state}`)];
  };
  const [status, words] = getLabel();
  return (
    <StatusLabel status={status}>
      <strong>{words}</strong>
    </StatusLabel>
  );
}
