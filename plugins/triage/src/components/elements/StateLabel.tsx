// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { IncidentState } from '@greenroom/plugin-triage-common';
import { type Status, StatusLabel } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';

const STATUS: Record<IncidentState, Status> = {
  new: 'danger',
  acknowledged: 'warning',
  resolved: 'stopped',
  recovered: 'success',
};

/** Where an incident stands, in one word. */
export function StateLabel(props: { state: IncidentState }) {
  const { t } = useTranslationRef(triageTranslationRef);
  return (
    <StatusLabel status={STATUS[props.state]}>
      {t(`state.${props.state}`)}
    </StatusLabel>
  );
}
