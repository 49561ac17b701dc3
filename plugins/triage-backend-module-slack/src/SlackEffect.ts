// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  RetryLaterError,
  type AlertEffect,
  type EffectContext,
  type EffectResult,
  type GroupedAlert,
  type TriageEffect,
} from '@greenroom/plugin-triage-node';
import { renderSlack } from '@greenroom/triage-engine';
import { ErrorCode, type WebClient } from '@slack/web-api';
import { selectChannel, type SlackConfig } from './readSlackConfig';

const EVENT_TYPE = 'greenroom_triage';
/** A process that was killed in the middle is replaced long before. */
const LOOK_BACK_S = 3_600;

/** One message for each root cause and day, and for each group of alerts; both are renewed. */
export class SlackEffect implements TriageEffect {
  readonly kind = 'slack';
  readonly #client: WebClient;
  readonly #config: SlackConfig;

  constructor(client: WebClient, config: SlackConfig) {
    this.#client = client;
    this.#config = config;
  }

  readonly alerts: AlertEffect = {
    findTarget: async ({ repository, report, groupId }) =>
      `${selectChannel(this.#config, repository?.repository, report.failure.type)}:${groupId}`,
    apply: async (context, { target, externalId }) => {
      const { alerts, groupId, portalUrl, report } = context;
      return this.#send({
        target,
        externalId,
        key: `alerts:${groupId}`,
        report,
        state: renderAlerts(alerts),
        links: [`<${portalUrl}|Report in the portal>`],
      });
    },
  };

  async findTarget({
    run,
    report,
  }: EffectContext): Promise<string | undefined> {
    const channel = selectChannel(
      this.#config,
      run.repository,
      report.failure.type,
    );
    return channel && `${channel}:${run.workflowId}:${run.runId}`;
  }

  async apply(
    { report, portalUrl, entityUrl, dashboardUrl, run }: EffectContext,
    { target, externalId }: { target: string; externalId?: string },
  ): Promise<EffectResult> {
    return this.#send({
      target,
      externalId,
      key: `${target}:${report.failure.signature}`,
      report,
      links: [
        ...(dashboardUrl ? [`<${dashboardUrl}|Dashboard>`] : []),
        ...(entityUrl ? [`<${entityUrl}|Page of the model>`] : []),
        `<${portalUrl}|Report in the portal>`,
        `<${run.url}|Run>`,
      ],
    });
  }

  async #send(options: {
    target: string;
    externalId?: string;
    /** By which it is found again. */
    key: string;
    report: TriageReport;
    /** How what it is of stands, in our own words. */
    state?: string;
    links: string[];
  }): Promise<EffectResult> {
    const { target, externalId, key, report, state, links } = options;
    const [channel] = target.split(':');
    const { text, blocks, ...rest } = renderSlack(report);
    const message = {
      ...rest,
      channel,
      text: state ? `${text} ${state}` : text,
      blocks: [
        ...blocks.slice(0, 49),
        {
          type: 'context' as const,
          elements: [
            {
              type: 'mrkdwn' as const,
              text: [...(state ? [state] : []), ...links].join(' · '),
              verbatim: true,
            },
          ],
        },
      ],
      metadata: { event_type: EVENT_TYPE, event_payload: { key } },
    };
    const sent = JSON.stringify({ text: message.text, blocks: message.blocks });
    return withSlackErrors(async () => {
      const known = externalId?.split(':') ?? (await this.#find(channel, key));
      const [id, ts] = known ?? [];
      const answer =
        id && ts
          ? await this.#client.chat.update({ ...message, channel: id, ts })
          : await this.#client.chat.postMessage(message);
      return { externalId: `${answer.channel}:${answer.ts}`, sent };
    });
  }

  /** What was posted without our knowledge. */
  async #find(channel: string, key: string): Promise<string[] | undefined> {
    const { messages } = await this.#client.conversations.history({
      channel,
      include_all_metadata: true,
      oldest: String(Math.floor(Date.now() / 1_000) - LOOK_BACK_S),
      limit: 200,
    });
    const own = messages?.find(({ metadata }) => {
      const payload: { key?: unknown } | undefined = metadata?.event_payload;
      return metadata?.event_type === EVENT_TYPE && payload?.key === key;
    });
    return own?.ts ? [channel, own.ts] : undefined;
  }
}

/** Only numbers and words of ours: names of alerts are in the report. */
function renderAlerts(alerts: GroupedAlert[]): string {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  return firing > 0
    ? `${firing} of ${alerts.length} alerts fire.`
    : `Resolved: ${alerts.length === 1 ? 'the alert' : `all ${alerts.length} alerts`} ended.`;
}

async function withSlackErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toSlackError(error);
  }
}

function toSlackError(error: unknown): Error {
  if (!(error instanceof Error) || !('code' in error)) {
    return new RetryLaterError('Slack does not answer', {});
  }
  if (error.code === ErrorCode.PlatformError && 'data' in error) {
    const { error: code } = Object(error.data);
    return new Error(`Slack refuses: ${String(code).slice(0, 100)}`);
  }
  if (error.code === ErrorCode.RateLimitedError && 'retryAfter' in error) {
    return new RetryLaterError('Slack asks to wait', {
      retryAt: Date.now() + Number(error.retryAfter) * 1_000,
    });
  }
  return new RetryLaterError('Slack does not answer', { cause: error });
}
