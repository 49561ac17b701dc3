// SPDX-License-Identifier: Apache-2.0
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Container } from '@backstage/ui';
import { Route, Routes } from 'react-router-dom';
import { incidentRouteRef, incidentsRouteRef } from '../../routes';
import { Incidents } from '../Incidents';
import { ReportPage } from '../ReportPage';

/** The incidents of every repository that a person may see, and a report. */
export function IncidentsPage() {
  const getReportUrl = useRouteRef(incidentRouteRef);
  const listUrl = useRouteRef(incidentsRouteRef)?.();
  return (
    <Container py="4">
      <Routes>
        <Route
          path="/"
          element={<Incidents getUrl={id => getReportUrl?.({ id })} />}
        />
        <Route path="/:id" element={<ReportPage listUrl={listUrl} />} />
      </Routes>
    </Container>
  );
}
