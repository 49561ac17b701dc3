// SPDX-License-Identifier: Apache-2.0
import { alertmanagerBodySchema as anyBodySchema } from '@greenroom/triage-engine';

const HASH = /^[0-9a-zA-Z]{1,64}$/;

const toMs = (time: string) => Date.parse(time);

/**
 * The body of Alertmanager's webhook, as the door takes it: what it says of a field is
 * sent back. What is kept of an alert needs a group, a receiver and a hash, which the
 * engine by itself does without.
 */
export const alertmanagerBodySchema = anyBodySchema
  .superRefine(({ groupKey, receiver, alerts }, context) => {
    for (const [name, value] of Object.entries({ groupKey, receiver })) {
      if (value === '') {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'must not be empty',
        });
      }
    }
    for (const [index, { startsAt, fingerprint }] of alerts.entries()) {
      if (toMs(startsAt) <= 0) {
        context.addIssue({
          code: 'custom',
          path: ['alerts', index, 'startsAt'],
          message: 'must be a time after 1970',
        });
      }
      if (!HASH.test(fingerprint)) {
        context.addIssue({
          code: 'custom',
          path: ['alerts', index, 'fingerprint'],
          message: 'must be a hash',
        });
      }
    }
  })
  .transform(body => ({
    ...body,
    alerts: body.alerts.map(alert => ({
      ...alert,
      // Alertmanager writes nanoseconds and the zone of its host.
      startsAt: toMs(alert.startsAt),
      endsAt: alert.endsAt === undefined ? undefined : toMs(alert.endsAt),
    })),
  }));

/** @see alertmanagerBodySchema */
export type AlertmanagerBody = ReturnType<typeof alertmanagerBodySchema.parse>;
