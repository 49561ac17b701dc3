// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { IncidentRow } from '../database/rows';
import type { DescribeError } from '../work/Worker';
import type { CatalogRepositories } from './CatalogRepositories';
import { toRepositoryKey } from './Repository';

/** Nobody has to mend it. */
const QUIET = ['cancelled', 'flaky'];
const SEVERITIES = {
  critical: 'critical',
  high: 'high',
  medium: 'normal',
  low: 'low',
} as const;

/**
 * Notifies the owners of an entity, in the portal, of what failed on the default
 * branch: once for each cause, since Backstage renews a notification of the same scope.
 */
export class OwnerNotice {
  readonly #options: {
    catalog: CatalogRepositories;
    describeError: DescribeError;
    logger: LoggerService;
    notifications: NotificationService;
  };

  constructor(options: {
    catalog: CatalogRepositories;
    describeError: DescribeError;
    logger: LoggerService;
    notifications: NotificationService;
  }) {
    this.#options = options;
  }

  /** Never throws: a portal without notifications has its reports all the same. */
  async send(incident: IncidentRow, report: TriageReport): Promise<void> {
    const { catalog, describeError, logger, notifications } = this.#options;
    const { failure, decision, summary } = report;
    if (!incident.is_default_branch || QUIET.includes(failure.type)) {
      return;
    }
    try {
      const owned = await catalog.findOwner(incident);
      if (!owned?.owner) {
        return;
      }
      await notifications.send({
        recipients: { type: 'entity', entityRef: owned.owner },
        payload: {
          title: incident.title,
          description: summary,
          link: `/inbox/incidents/${incident.id}`,
          severity: SEVERITIES[decision.severity],
          topic: 'triage',
          scope: `${toRepositoryKey(incident)}:${failure.signature}`,
        },
      });
    } catch (error) {
      logger.warn(`Nobody was notified: ${describeError(error)}`);
    }
  }
}
