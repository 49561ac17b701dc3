// SPDX-License-Identifier: Apache-2.0
import type {
  FeedbackRequest,
  IncidentDetails,
  IncidentLogRequest,
  IncidentsRequest,
  StateRequest,
} from '@greenroom/plugin-triage-common';
import type { TriageApi } from '../src';
import { createInbox, createStatistics } from '../src/__fixtures__/inbox';
import { NOW, createLog } from '../src/__fixtures__/incidents';
import { STATES, createAllIncidents } from './states';

const AGE = Date.now() - NOW;
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Moves every time of a fixture to today. */
function toPresent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, item) => {
    if (typeof item === 'number' && item > 1.6e12) {
      return item + AGE;
    }
    return typeof item === 'string' && ISO.test(item)
      ? new Date(Date.parse(item) + AGE).toISOString()
      : item;
  });
}

/** Answers with the state that the address names: `?show=asking`. */
export class FixtureTriageApi implements TriageApi {
  readonly #state =
    new URLSearchParams(window.location.search).get('show') ?? 'answered';
  #details?: IncidentDetails;

  async listIncidents(request: IncidentsRequest) {
    await this.#fail();
    if (this.#state === 'none') {
      return { items: [], groups: [], channel: 'triage' };
    }
    const all = createAllIncidents();
    return toPresent({
      ...all,
      items: all.items.filter(
        item =>
          (!request.state || item.state === request.state) &&
          (!request.type || item.type === request.type) &&
          (!request.branch || item.branch === request.branch) &&
          (!request.signature || item.signature === request.signature),
      ),
    });
  }

  async getIncident() {
    await this.#fail();
    return toPresent(this.#get());
  }

  async getLog(_id: string, request: IncidentLogRequest) {
    if (request.job.startsWith('Check')) {
      return {
        job: request.job,
        total: 12_000,
        lines: Array.from({ length: 5_000 }, (_, index) => ({
          number: (request.from ?? 1) + index,
          text: `tests/test_${index % 97}.py::test_case_${index} PASSED`,
        })),
      };
    }
    return createLog();
  }

  async getIncidentReport() {
    return {
      path: 'docs/incidents/2026-11-29-slow-answers.md',
      markdown: '# Incident: slow answers\n\n## Summary\n\n- It is over.\n',
    };
  }

  async proposeIncidentReport() {
    return this.getIncident();
  }

  async getInbox() {
    await this.#fail();
    return toPresent(
      this.#state === 'none' ? { items: [], channel: 'triage' } : createInbox(),
    );
  }

  async getStatistics() {
    await this.#fail();
    return toPresent(createStatistics());
  }

  async sendFeedback(_id: string, request: FeedbackRequest) {
    const details = this.#get();
    this.#details = {
      ...details,
      feedback: [
        {
          ...request,
          at: new Date(NOW).toISOString(),
          by: 'user:default/guest',
        },
      ],
    };
    return this.#details;
  }

  async setState(_id: string, request: StateRequest) {
    const details = this.#get();
    const { assignee, state } = request;
    this.#details = {
      ...details,
      incident: {
        ...details.incident,
        state,
        assignee:
          assignee === undefined
            ? details.incident.assignee
            : (assignee ?? undefined),
      },
    };
    return this.#details;
  }

  async analyze() {
    this.#details = STATES.asking();
    return this.#details;
  }

  #get() {
    this.#details ??= (STATES[this.#state] ?? STATES.answered)();
    return this.#details;
  }

  async #fail() {
    if (this.#state === 'loading') {
      await new Promise(() => {});
    }
    if (this.#state === 'down') {
      throw new Error('fetch failed');
    }
  }
}
