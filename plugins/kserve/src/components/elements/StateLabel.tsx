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

/** How an inference service is, in one word. */
export function StateLabel(props: { state: KserveState }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  return (
    <StatusLabel status={STATUS[props.state]}>
      <strong>{t(`state.${props.state}`)}</strong>
    </StatusLabel>
  );
}
