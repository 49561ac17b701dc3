// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomUUID } from 'node:crypto';
import type { Hook, HookStore } from '../stores/HookStore';
import { timestamp } from '../database';
import type { ForgeContext, ForgeEvent } from '../types';

// GitHub's own limit.
const TIMEOUT_MS = 10_000;
const MAX_RESPONSE = 64 * 1024;

function message(error: unknown): string {
  if (error instanceof Error) {
    return error.cause instanceof Error ? error.cause.message : error.message;
  }
  return String(error);
}

async function readResponse(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (reader && length < MAX_RESPONSE) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    chunks.push(value);
    length += value.length;
  }
  await reader?.cancel();
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_RESPONSE);
}

/** A webhook for all repositories, as a GitHub App has one. */
export interface SiteWebhook {
  url: string;
  secret: string;
  /** `workflow_run` and the like. */
  events: string[];
}

/** No hook of a repository has it; deliveries of the site's webhook are not kept. */
const SITE_HOOK_ID = 0;

/** Delivers events to the webhooks of their repository and the site's, signed as GitHub signs, each hook's in order. */
export class WebhookSender {
  readonly #queues = new Map<number, Promise<void>>();
  readonly #abort = new AbortController();
  readonly #hooks: HookStore;
  readonly #logger: ForgeContext['logger'];
  readonly #site?: SiteWebhook;

  constructor(
    hooks: HookStore,
    logger: ForgeContext['logger'],
    site?: SiteWebhook,
  ) {
    this.#hooks = hooks;
    this.#logger = logger;
    this.#site = site;
  }

  /** Queues an event for every hook that wants it. */
  deliver(event: ForgeEvent): void {
    const site = this.#siteHook(event.repository.id);
    for (const hook of [
      ...this.#hooks.list(event.repository.id),
      ...(site ? [site] : []),
    ]) {
      if (
        hook.active &&
        (hook.events.includes('*') || hook.events.includes(event.name))
      ) {
        this.send(hook, {
          event: event.name,
          action: event.action ?? null,
          body: JSON.stringify(event.payload),
          guid: randomUUID(),
          redelivery: false,
        });
      }
    }
  }

  #siteHook(repositoryId: number): Hook | undefined {
    const now = timestamp();
    return (
      this.#site && {
        ...this.#site,
        id: SITE_HOOK_ID,
        repository_id: repositoryId,
        content_type: 'json',
        insecure_ssl: '0',
        active: true,
        last_response: null,
        created_at: now,
        updated_at: now,
      }
    );
  }

  /** Queues one delivery, e.g. a ping or a redelivery. */
  send(
    hook: Hook,
    delivery: {
      event: string;
      action: string | null;
      body: string;
      guid: string;
      redelivery: boolean;
    },
  ): void {
    const before = this.#queues.get(hook.id) ?? Promise.resolve();
    const next = before
      .then(() => this.#post(hook, delivery))
      .catch(error => {
        this.#logger.error(`Webhook ${hook.id}: ${message(error)}`);
      });
    this.#queues.set(hook.id, next);
    next.then(() => {
      if (this.#queues.get(hook.id) === next) {
        this.#queues.delete(hook.id);
      }
    });
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#queues.size > 0) {
      await Promise.all(this.#queues.values());
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.idle();
  }

  async #post(
    hook: Hook,
    delivery: {
      event: string;
      action: string | null;
      body: string;
      guid: string;
      redelivery: boolean;
    },
  ): Promise<void> {
    if (this.#abort.signal.aborted) {
      return;
    }
    const isForm = hook.content_type === 'form';
    const body = isForm
      ? new URLSearchParams({ payload: delivery.body }).toString()
      : delivery.body;
    const headers: Record<string, string> = {
      Accept: '*/*',
      'Content-Type': isForm
        ? 'application/x-www-form-urlencoded'
        : 'application/json',
      'User-Agent': 'GitHub-Hookshot/forge',
      'X-GitHub-Delivery': delivery.guid,
      'X-GitHub-Event': delivery.event,
      'X-GitHub-Hook-ID': String(hook.id),
      'X-GitHub-Hook-Installation-Target-ID': String(hook.repository_id),
      'X-GitHub-Hook-Installation-Target-Type':
        hook.id === SITE_HOOK_ID ? 'integration' : 'repository',
    };
    if (hook.secret) {
      const sign = (algorithm: string) =>
        `${algorithm}=${createHmac(algorithm, hook.secret ?? '')
          .update(body)
          .digest('hex')}`;
      headers['X-Hub-Signature'] = sign('sha1');
      headers['X-Hub-Signature-256'] = sign('sha256');
    }
    const started = Date.now();
    let code = 0;
    let status = 'OK';
    let responseHeaders: Record<string, string> = {};
    let responseBody = '';
    try {
      const response = await fetch(hook.url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([
          this.#abort.signal,
          AbortSignal.timeout(TIMEOUT_MS),
        ]),
      });
      code = response.status;
      status = response.ok ? 'OK' : `Invalid HTTP Response: ${code}`;
      responseHeaders = Object.fromEntries(response.headers);
      responseBody = await readResponse(response);
    } catch (error) {
      status = message(error);
    }
    this.#hooks.addDelivery({
      hook_id: hook.id,
      guid: delivery.guid,
      event: delivery.event,
      action: delivery.action,
      repository_id: hook.repository_id,
      redelivery: delivery.redelivery,
      status,
      status_code: code,
      duration: (Date.now() - started) / 1000,
      delivered_at: timestamp(),
      request_headers: headers,
      request_body: delivery.body,
      response_headers: responseHeaders,
      response_body: responseBody,
    });
    this.#hooks.setLastResponse(hook.id, {
      code: code || null,
      status: status === 'OK' ? 'active' : 'failed',
      message: status,
    });
  }
}
