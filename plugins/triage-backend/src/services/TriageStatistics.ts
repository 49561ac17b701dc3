// SPDX-License-Identifier: Apache-2.0
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  FailureType,
  IncidentFeedback,
  StatisticsResponse,
  TriageFigures,
} from '@greenroom/plugin-triage-common';
import type { DiscussionStore } from '../database/DiscussionStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { JobStore } from '../database/JobStore';
import type { IncidentRow } from '../database/rows';
import type { IncidentAccess } from './IncidentAccess';

const DAY_MS = 86_400_000;
/** The newest; more say nothing else of a month. */
const MAX_INCIDENTS = 5_000;
const BATCH = 500;

interface Counted {
  row: IncidentRow;
  feedback: IncidentFeedback[];
}

/** How well triage does, counted over what the caller may see. */
export class TriageStatistics {
  readonly #access: IncidentAccess;
  readonly #discussion: DiscussionStore;
  readonly #incidents: IncidentStore;
  readonly #jobs: JobStore;

  constructor(options: {
    access: IncidentAccess;
    discussion: DiscussionStore;
    incidents: IncidentStore;
    jobs: JobStore;
  }) {
    this.#access = options.access;
    this.#discussion = options.discussion;
    this.#incidents = options.incidents;
    this.#jobs = options.jobs;
  }

  /** @throws NotAllowedError */
  async getStatistics(
    credentials: BackstageCredentials,
    { days }: { days: number },
  ): Promise<StatisticsResponse> {
    const since = Date.now() - days * DAY_MS;
    const { scope } = await this.#access.findVisible(credentials, {
      since,
    });
    const rows = await this.#incidents.queries.list(
      { since, scope },
      { limit: MAX_INCIDENTS },
    );
    const feedback = new Map<string, IncidentFeedback[]>();
    for (let at = 0; at < rows.length; at += BATCH) {
      const ids = rows.slice(at, at + BATCH).map(({ id }) => id);
      for (const each of await this.#discussion.listFeedback(ids)) {
        feedback.set(each.incidentId, [
          ...(feedback.get(each.incidentId) ?? []),
          each,
        ]);
      }
    }
    const all = rows.map(row => ({
      row,
      feedback: feedback.get(row.id) ?? [],
    }));
    const reported = all.filter(({ row }) => row.reported_at !== null);
    return {
      since: new Date(since).toISOString(),
      all: toFigures(all),
      byType: groupBy(
        reported,
        ({ row }): FailureType => row.type ?? 'unknown',
      ).map(([type, counted]) => ({ type, ...toFigures(counted) })),
      byModel: groupBy(reported, ({ row }) => row.model ?? 'none').map(
        ([model, counted]) => ({ model, ...toFigures(counted) }),
      ),
      deadLetters: await this.#jobs.countDead(),
    };
  }
}

function groupBy<K extends string>(
  items: Counted[],
  toKey: (item: Counted) => K,
): Array<[K, Counted[]]> {
  const groups = new Map<K, Counted[]>();
  for (const item of items) {
    groups.set(toKey(item), [...(groups.get(toKey(item)) ?? []), item]);
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

function toFigures(counted: Counted[]): TriageFigures {
  const answers = counted.flatMap(({ feedback }) => feedback);
  const rows = counted.map(({ row }) => row);
  return {
    incidents: rows.length,
    reports: rows.filter(row => row.reported_at !== null).length,
    identified: rows.filter(row => row.outcome === 'identified').length,
    useful: answers.filter(({ useful }) => useful).length,
    notUseful: answers.filter(({ useful }) => !useful).length,
    rootCauseRight: answers.filter(each => each.rootCause === 'right').length,
    rootCauseWrong: answers.filter(each => each.rootCause === 'wrong').length,
    toReport: toDurations(rows, row => row.reported_at),
    toGreen: toDurations(rows, row => row.recovered_at),
  };
}

function toDurations(
  rows: IncidentRow[],
  toEnd: (row: IncidentRow) => number | null,
): TriageFigures['toReport'] {
  const seconds = rows
    .flatMap(row => {
      const end = toEnd(row);
      return end === null ? [] : Math.max(0, end - row.failed_at) / 1_000;
    })
    .sort((a, b) => a - b);
  // The nearest rank: a value that was measured.
  const percentile = (share: number) =>
    seconds[Math.ceil(share * seconds.length) - 1];
  return {
    count: seconds.length,
    ...(seconds.length > 0 && {
      medianSeconds: percentile(0.5),
      p90Seconds: percentile(0.9),
    }),
  };
}
