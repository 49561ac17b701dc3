// SPDX-License-Identifier: Apache-2.0
import type {
  AuditorService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotImplementedError } from '@backstage/errors';
import {
  triageReportUpdatePermission,
  type IncidentDetails,
  type IncidentReport,
} from '@greenroom/plugin-triage-common';
import type { IncidentReportProposals } from '@greenroom/plugin-triage-node';
import { renderIncidentReport } from '@greenroom/triage-engine';
import type { DiscussionStore } from '../database/DiscussionStore';
import type { IncidentAccess } from './IncidentAccess';
import type { TriageService } from './TriageService';

const TIMEOUT_MS = 30_000;
const MAX_SLUG = 60;

/** `docs/incidents/2026-11-29-slow-answers.md` */
function toPath({ failedAt, title }: IncidentDetails['incident']): string {
  const slug = title
    .toLocaleLowerCase('en-US')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-|-$/g, '');
  return `docs/incidents/${failedAt.slice(0, 10)}-${slug || 'incident'}.md`;
}

/**
 * Drafts of incident reports (postmortems), made when a person asks. A draft leaves the
 * portal only as a pull request; nothing is published by itself.
 */
export class IncidentReports {
  readonly #options: {
    access: IncidentAccess;
    auditor: AuditorService;
    discussion: DiscussionStore;
    proposals: () => IncidentReportProposals | undefined;
    service: TriageService;
    toPortalUrl: (id: string) => string;
  };

  constructor(options: {
    access: IncidentAccess;
    auditor: AuditorService;
    discussion: DiscussionStore;
    proposals: () => IncidentReportProposals | undefined;
    service: TriageService;
    /** Page of an incident. */
    toPortalUrl: (id: string) => string;
  }) {
    this.#options = options;
  }

  /** @throws NotFoundError, NotAllowedError, ConflictError while there is no report */
  async draft(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<IncidentReport> {
    const { service, toPortalUrl } = this.#options;
    const { activity, effects, incident, report } = await service.getIncident(
      credentials,
      id,
    );
    if (!report) {
      throw new ConflictError(
        'The incident has no report yet; wait until it is made',
      );
    }
    return {
      path: toPath(incident),
      markdown: renderIncidentReport({
        title: incident.title,
        url: toPortalUrl(id),
        startedAt: incident.alert?.startsAt ?? incident.failedAt,
        endedAt: incident.alert?.endsAt ?? incident.recoveredAt,
        report,
        activity,
        effects,
      }),
    };
  }

  /**
   * Opens a pull request with the draft in the repository of the incident.
   *
   * @throws NotFoundError, NotAllowedError, ConflictError, NotImplementedError
   */
  async propose(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<IncidentDetails> {
    const { access, auditor, discussion, proposals, service } = this.#options;
    await access.authorize(credentials, triageReportUpdatePermission);
    const { row } = await access.require(credentials, id);
    const target = proposals();
    if (!target || !row.repository) {
      throw new NotImplementedError(
        target
          ? 'The incident belongs to no repository: copy the draft instead'
          : 'No module of this portal opens pull requests: copy the draft instead',
      );
    }
    const { markdown, path } = await this.draft(credentials, id);
    const { host, repository } = row;
    const event = await auditor.createEvent({
      eventId: 'incident-report',
      severityLevel: 'medium',
      meta: { incidentId: id, host, repository, path },
    });
    let url: string;
    try {
      ({ url } = await target.propose({
        host,
        repository,
        incidentId: id,
        title: row.title,
        path,
        markdown,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }));
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error('failed'),
      });
      throw error;
    }
    await event.success({ meta: { url } });
    await discussion.addActivity({
      incidentId: id,
      by: access.nameOf(credentials),
      action: 'incident-report',
      text: url,
    });
    return service.getIncident(credentials, id);
  }
}
