// SPDX-License-Identifier: Apache-2.0
import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  AnalyzeRequest,
  FeedbackRequest,
  InboxResponse,
  IncidentDetails,
  IncidentLog,
  IncidentLogRequest,
  IncidentReport,
  IncidentsRequest,
  IncidentsResponse,
  StateRequest,
  StatisticsResponse,
} from '@greenroom/plugin-triage-common';

/**
 * Options of every request: `signal` cancels it.
 *
 * @public
 */
export interface TriageRequestOptions {
  signal?: AbortSignal;
}

/**
 * What the portal's triage backend answers of failed pipelines, as far as the
 * signed-in user may see it. A method rejects with a `ResponseError` of
 * `@backstage/errors` if the backend refuses or fails.
 *
 * @public
 */
export interface TriageApi {
  /** Incidents, the newest first, and the causes that they share. */
  listIncidents(
    request: IncidentsRequest,
    options?: TriageRequestOptions,
  ): Promise<IncidentsResponse>;

  /** All that is known of one incident. */
  getIncident(
    id: string,
    options?: TriageRequestOptions,
  ): Promise<IncidentDetails>;

  /** Lines of a kept log; their text is redacted and not trusted. */
  getLog(
    id: string,
    request: IncidentLogRequest,
    options?: TriageRequestOptions,
  ): Promise<IncidentLog>;

  /** The draft of an incident report, as Markdown that is not trusted. */
  getIncidentReport(
    id: string,
    options?: TriageRequestOptions,
  ): Promise<IncidentReport>;

  /** Opens a pull request with that draft; nobody merges it but people. */
  proposeIncidentReport(id: string): Promise<IncidentDetails>;

  /** What waits for a person, the most pressing first. */
  getInbox(options?: TriageRequestOptions): Promise<InboxResponse>;

  /** How often triage helped, and how long it took, in the last `days`. */
  getStatistics(
    request: { days: number },
    options?: TriageRequestOptions,
  ): Promise<StatisticsResponse>;

  /** Keeps what a person says of a report. */
  sendFeedback(id: string, request: FeedbackRequest): Promise<IncidentDetails>;

  /** Changes an incident's state, or whose it is. */
  setState(id: string, request: StateRequest): Promise<IncidentDetails>;

  /** Asks for a new report, with what a person knows. */
  analyze(id: string, request: AnalyzeRequest): Promise<IncidentDetails>;
}

/**
 * The {@link TriageApi} of the app.
 *
 * @public
 */
export const triageApiRef = createApiRef<TriageApi>().with({
  id: 'plugin.triage.api',
  pluginId: 'triage',
});
