// SPDX-License-Identifier: Apache-2.0
import type {
  FeedbackRequest,
  IncidentActivity,
  IncidentFeedback,
} from '@greenroom/plugin-triage-common';
import type { Knex } from 'knex';
import { z } from 'zod';

/** What happened, to write down. */
export interface NewActivity {
  incidentId: string;
  /** Entity reference, or `triage`. */
  by: string;
  action: IncidentActivity['action'];
  text?: string;
}

const time = z.coerce
  .number()
  .transform(value => new Date(value).toISOString());

const optional = z
  .string()
  .nullable()
  .transform(value => value ?? undefined);

const activitySchema = z.array(
  z.object({
    at: time,
    by: z.string(),
    action: z.string().transform(value => value as IncidentActivity['action']),
    text: optional,
  }),
);

const feedbackSchema = z.array(
  z.object({
    incident_id: z.string(),
    at: time,
    by: z.string(),
    useful: z.coerce.boolean(),
    reason: optional,
    root_cause: z
      .enum(['right', 'wrong'])
      .nullable()
      .transform(value => value ?? undefined),
    done: optional,
  }),
);

/** Writes down what happened, in a transaction where there is one. */
export async function addActivity(
  knex: Knex,
  activity: NewActivity,
): Promise<void> {
  await knex('activity').insert({
    incident_id: activity.incidentId,
    at: Date.now(),
    by: activity.by,
    action: activity.action,
    text: activity.text ?? null,
  });
}

/** What people and triage did and said of incidents. */
export class DiscussionStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async addActivity(activity: NewActivity): Promise<void> {
    await addActivity(this.#knex, activity);
  }

  /** The oldest first, at most 500. */
  async listActivity(incidentId: string): Promise<IncidentActivity[]> {
    const rows = await this.#knex('activity')
      .where({ incident_id: incidentId })
      .orderBy('id')
      .limit(500);
    return activitySchema.parse(rows);
  }

  /** The latest answer of a person replaces the one before. */
  async saveFeedback(
    incidentId: string,
    by: string,
    feedback: FeedbackRequest,
  ): Promise<void> {
    const { useful, reason, rootCause, done } = feedback;
    await this.#knex('feedback')
      .insert({
        incident_id: incidentId,
        by,
        useful,
        reason: reason ?? null,
        root_cause: rootCause ?? null,
        done: done ?? null,
        at: Date.now(),
      })
      .onConflict(['incident_id', 'by'])
      .merge();
  }

  async listFeedback(
    incidentIds: string[],
  ): Promise<Array<IncidentFeedback & { incidentId: string }>> {
    const rows = await this.#knex('feedback')
      .whereIn('incident_id', incidentIds)
      .orderBy('at');
    return feedbackSchema
      .parse(rows)
      .map(({ incident_id: incidentId, root_cause: rootCause, ...rest }) => ({
        ...rest,
        incidentId,
        rootCause,
      }));
  }
}
