// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Route, Routes } from 'react-router-dom';
import { reportRouteRef, triageRouteRef } from '../../routes';
import { Incidents } from '../Incidents';
import { ReportPage } from '../ReportPage';

/** The Triage tab of the entity whose page it is on: its incidents, and a report. */
export function TriageTab() {
  const entityRef = stringifyEntityRef(useEntity().entity);
  const getReportUrl = useRouteRef(reportRouteRef);
  const listUrl = useRouteRef(triageRouteRef)?.();
  return (
    <Routes>
      <Route
        path="/"
        element={
          <Incidents
            key={entityRef}
            entityRef={entityRef}
            getUrl={id => getReportUrl?.({ id })}
          />
        }
      />
      <Route path="/:id" element={<ReportPage listUrl={listUrl} />} />
    </Routes>
  );
}
