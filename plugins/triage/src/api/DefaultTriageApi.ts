// SPDX-License-Identifier: Apache-2.0
import { ResponseError } from '@backstage/errors';
import type { FetchApi } from '@backstage/frontend-plugin-api';
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
import type { TriageApi, TriageRequestOptions } from './TriageApi';

function toQuery(values: object) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) {
      search.set(key, String(value));
    }
  }
  return search.size > 0 ? `?${search}` : '';
}

const incidentPath = (id: string) => `/incidents/${encodeURIComponent(id)}`;

/** Asks the portal's `triage` backend over HTTP. */
export class DefaultTriageApi implements TriageApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  listIncidents(request: IncidentsRequest, options?: TriageRequestOptions) {
    return this.#fetch<IncidentsResponse>(
      `/incidents${toQuery(request)}`,
      options,
    );
  }

  getIncident(id: string, options?: TriageRequestOptions) {
    return this.#fetch<IncidentDetails>(incidentPath(id), options);
  }

  getLog(
    id: string,
    request: IncidentLogRequest,
    options?: TriageRequestOptions,
  ) {
    return this.#fetch<IncidentLog>(
      `${incidentPath(id)}/log${toQuery(request)}`,
      options,
    );
  }

  getIncidentReport(id: string, options?: TriageRequestOptions) {
    return this.#fetch<IncidentReport>(
      `${incidentPath(id)}/incident-report`,
      options,
    );
  }

  proposeIncidentReport(id: string) {
    return this.#post(id, 'incident-report', {});
  }

  getInbox(options?: TriageRequestOptions) {
    return this.#fetch<InboxResponse>('/inbox', options);
  }

  getStatistics(request: { days: number }, options?: TriageRequestOptions) {
    return this.#fetch<StatisticsResponse>(
      `/statistics${toQuery(request)}`,
      options,
    );
  }

  sendFeedback(id: string, request: FeedbackRequest) {
    return this.#post(id, 'feedback', request);
  }

  setState(id: string, request: StateRequest) {
    return this.#post(id, 'state', request);
  }

  analyze(id: string, request: AnalyzeRequest) {
    return this.#post(id, 'analyze', request);
  }

  #post(id: string, resource: string, body: object) {
    return this.#fetch<IncidentDetails>(`${incidentPath(id)}/${resource}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #fetch<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await this.#fetchApi.fetch(`plugin://triage${path}`, init);
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return await response.json();
  }
}
