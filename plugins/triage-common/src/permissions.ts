// SPDX-License-Identifier: Apache-2.0
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Allows reading incidents and reports, on top of `catalog.entity.read` for the
 * incident's entity.
 *
 * @public
 */
export const triageReportReadPermission = createPermission({
  name: 'triage.report.read',
  attributes: { action: 'read' },
});

/**
 * Allows changing an incident's state and answering its report, on top of
 * `triage.report.read`.
 *
 * @public
 */
export const triageReportUpdatePermission = createPermission({
  name: 'triage.report.update',
  attributes: { action: 'update' },
});

/**
 * Allows asking for a new analysis, on top of `triage.report.read`.
 *
 * @public
 */
export const triageAnalyzePermission = createPermission({
  name: 'triage.analyze',
  attributes: {},
});

/**
 * Allows reading alerts that belong to no entity of the catalog, on top of
 * `triage.report.read`.
 *
 * @public
 */
export const triageUnownedReadPermission = createPermission({
  name: 'triage.unowned.read',
  attributes: { action: 'read' },
});

/**
 * All permissions of the triage plugin.
 *
 * @public
 */
export const triagePermissions = [
  triageReportReadPermission,
  triageReportUpdatePermission,
  triageAnalyzePermission,
  triageUnownedReadPermission,
];
