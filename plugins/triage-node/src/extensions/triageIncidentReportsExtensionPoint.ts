// SPDX-License-Identifier: Apache-2.0
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { IncidentReportProposals } from '../incidentReports';

/**
 * Where a module takes drafts of incident reports.
 *
 * @public
 */
export interface TriageIncidentReportsExtensionPoint {
  /** @throws Error when another module has set them already */
  setProposals(proposals: IncidentReportProposals): void;
}

/** @public */
export const triageIncidentReportsExtensionPoint =
  createExtensionPoint<TriageIncidentReportsExtensionPoint>({
    id: 'triage.incident-reports',
  });
