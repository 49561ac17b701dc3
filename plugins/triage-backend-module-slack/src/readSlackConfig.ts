// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  FAILURE_TYPES,
  type FailureType,
} from '@greenroom/plugin-triage-common';
import { z } from 'zod';

const schema = z.strictObject({
  token: z.string().min(1),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Of Slack: an id, which stays when a channel is renamed. */
  channel: z.string().regex(/^[A-Z0-9]+$/, 'must be the id of a channel'),
  channels: z
    .array(
      z.strictObject({
        repositories: z.array(z.string()).optional(),
        types: z.array(z.enum(FAILURE_TYPES)).optional(),
        channel: z.string().regex(/^[A-Z0-9]+$/, 'must be the id of a channel'),
      }),
    )
    .default([]),
});

/** What `triage.slack` says. */
export type SlackConfig = z.infer<typeof schema>;

/**
 * @returns undefined where Slack is not configured
 * @throws InputError that names the key
 */
export function readSlackConfig(root: Config): SlackConfig | undefined {
  const config = root.getOptional('triage.slack');
  if (config === undefined) {
    return undefined;
  }
  const parsed = schema.safeParse(config);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new InputError(`'triage.slack.${path.join('.')}': ${message}`);
  }
  return parsed.data;
}

/** The channel of the first rule that fits, else the common one. */
export function selectChannel(
  { channel, channels }: SlackConfig,
  repository: string | undefined,
  type: FailureType,
): string {
  const fitting = channels.find(
    rule =>
      (rule.repositories?.includes(repository ?? '') ?? true) &&
      (rule.types?.includes(type) ?? true),
  );
  return fitting?.channel ?? channel;
}
