// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { IncidentState } from '@greenroom/plugin-triage-common';
import { triageTranslationRef } from '../../translations';
import type { Status } from './StatusIcon';
import { StatusLabel } from './StatusLabel';

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
