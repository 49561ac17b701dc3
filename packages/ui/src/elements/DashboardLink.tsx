// SPDX-License-Identifier: Apache-2.0
import {
  configApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { toModelDashboardUrl } from '@greenroom/plugin-kserve-common';
import { uiTranslationRef } from '../translations';
import { ExternalLink } from './ExternalLink';

/** Links to Grafana's dashboard of inference services; nothing without `grafana.domain`. @public */
export function DashboardLink(props: {
  services: ReadonlyArray<{ namespace: string; name: string }>;
  /** ms since 1970, or as Grafana writes it. */
  from: number | string;
  to: number | string;
}) {
  const { t } = useTranslationRef(uiTranslationRef);
  const { from, services, to } = props;
  const domain = useApi(configApiRef).getOptionalString('grafana.domain');
  const url = toModelDashboardUrl(domain, services, { from, to });
  return url ? <ExternalLink url={url} text={t('dashboard.open')} /> : null;
}
