// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef } from '@backstage/catalog-model';
import {
  getKserveReferences,
  toModelDashboardUrl,
} from '@greenroom/plugin-kserve-common';
import type { IncidentRow } from '../database/rows';
import type { CatalogRepositories } from '../services/CatalogRepositories';

const DAY = 24 * 3_600_000;

/** Where somebody who investigates drift looks at it. */
export class DriftLinks {
  readonly #options: {
    appUrl: string;
    catalog: CatalogRepositories;
    /** `grafana.domain` */
    grafana: string | undefined;
  };

  constructor(options: {
    appUrl: string;
    catalog: CatalogRepositories;
    grafana: string | undefined;
  }) {
    this.#options = options;
  }

  /** The page of the model, and its dashboard over the week before the analysis. */
  async find({
    entity_ref: entityRef,
    failed_at: at,
  }: Pick<IncidentRow, 'entity_ref' | 'failed_at'>): Promise<{
    entityUrl?: string;
    dashboardUrl?: string;
  }> {
    const { appUrl, catalog, grafana } = this.#options;
    const entity = entityRef ? await catalog.findEntity(entityRef) : undefined;
    if (!entity || !entityRef) {
      return {};
    }
    const { kind, name, namespace } = parseEntityRef(entityRef);
    const path = [namespace, kind, name].map(encodeURIComponent).join('/');
    return {
      entityUrl: `${appUrl}/catalog/${path}`,
      dashboardUrl: toModelDashboardUrl(
        grafana,
        getKserveReferences(entity).references,
        { from: at - 7 * DAY, to: at },
      ),
    };
  }
}
