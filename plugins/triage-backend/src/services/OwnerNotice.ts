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
    const { catalog, describeError, logger } = this.#options;
    const { failure } = report;
    if (!incident.is_default_branch || QUIET.includes(failure.type)) {
      return;
    }
    try {
      const owned = await catalog.findOwner(incident);
      await this.#notify(owned?.owner, incident, report, failure.signature);
    } catch (error) {
      logger.warn(`Nobody was notified: ${describeError(error)}`);
    }
  }

  /** Of a group of alerts, once for all of them. Never throws. */
  async sendAlert(
    incident: IncidentRow,
    report: TriageReport,
    groupId: string,
  ): Promise<void> {
    const { catalog, describeError, logger } = this.#options;
    try {
      const owner = incident.entity_ref
        ? await catalog.findOwnerOf(incident.entity_ref)
        : undefined;
      await this.#notify(owner, incident, report, groupId);
    } catch (error) {
      logger.warn(`Nobody was notified: ${describeError(error)}`);
    }
  }

  async #notify(
    owner: string | undefined,
    incident: IncidentRow,
    { decision, summary }: TriageReport,
    cause: string,
  ): Promise<void> {
    if (!owner) {
      return;
    }
    await this.#options.notifications.send({
      recipients: { type: 'entity', entityRef: owner },
      payload: {
        title: incident.title,
        description: summary,
        link: `/inbox/incidents/${incident.id}`,
        severity: SEVERITIES[decision.severity],
        topic: 'triage',
        scope: `${toRepositoryKey(incident)}:${cause}`,
      },
    });
  }
}
