// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const tokenSchema = z.object({
  backstageIdentity: z.object({ token: z.string() }),
});
const taskSchema = z.object({ id: z.string() });
const taskStateSchema = z.object({
  status: z.string(),
});
const eventsSchema = z.array(
  z.object({
    id: z.union([z.string(), z.number()]),
    type: z.string(),
    body: z
      .object({
        message: z.string().optional(),
        stepId: z.string().optional(),
        status: z.string().optional(),
      })
      .loose(),
  }),
);

const servicesSchema = z.object({
  items: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      explanation: z.object({ state: z.string(), sentence: z.string() }),
    }),
  ),
});

/** What the portal says of an inference service. */
export type ServedModel = z.infer<typeof servicesSchema>['items'][number];

/** An event of a scaffolder task, as its API gives it. */
export type TaskEvent = z.infer<typeof eventsSchema>[number];

/** The portal's own APIs, used as the browser of a signed-in guest uses them. */
export class PortalClient {
  readonly #baseUrl: string;
  #token: string | undefined;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** True when the backend says that all its plugins have started. */
  async isReady(signal: AbortSignal): Promise<boolean> {
    const url = `${this.#baseUrl}/.backstage/health/v1/readiness`;
    return (await fetch(url, { signal })).ok;
  }

  /** True when the browser would get the app. */
  async servesApp(signal: AbortSignal): Promise<boolean> {
    const response = await fetch(this.#baseUrl, {
      headers: { accept: 'text/html' },
      signal,
    });
    return response.ok && (await response.text()).includes('id="root"');
  }

  /** True when the catalog has taken an entity in. */
  async hasEntity(
    kind: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const response = await this.#fetch(
      `/api/catalog/entities/by-name/${kind}/default/${encodeURIComponent(name)}`,
      { signal },
    );
    return response.ok;
  }

  /** Starts a template. @returns the task's id */
  async createTask(
    templateRef: string,
    values: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<string> {
    const response = await this.#fetch('/api/scaffolder/v2/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ templateRef, values, secrets: {} }),
      signal,
    });
    return taskSchema.parse(await readJson(response, 'creating a task')).id;
  }

  /** `open`, `processing`, `completed`, `failed` or `cancelled`; undefined when there is no such task. */
  async taskStatus(
    id: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const response = await this.#fetch(`/api/scaffolder/v2/tasks/${id}`, {
      signal,
    });
    if (response.status === 404) {
      return undefined;
    }
    return taskStateSchema.parse(await readJson(response, 'reading a task'))
      .status;
  }

  async taskEvents(id: string, signal?: AbortSignal): Promise<TaskEvent[]> {
    const response = await this.#fetch(
      `/api/scaffolder/v2/tasks/${id}/events`,
      { signal },
    );
    return eventsSchema.parse(await readJson(response, "reading a task's log"));
  }

  /** What the entity's Serving tab shows, in its order. */
  async inferenceServices(
    kind: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<ServedModel[]> {
    const response = await this.#fetch(
      `/api/kserve/entities/${kind}/default/${encodeURIComponent(name)}/inference-services`,
      { signal },
    );
    return servicesSchema.parse(await readJson(response, 'reading what serves'))
      .items;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await this.#send(path, init);
    if (response.status !== 401) {
      return response;
    }
    // The token lives for an hour, and not beyond a restart of the backend.
    this.#token = undefined;
    return this.#send(path, init);
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const timeout = AbortSignal.timeout(20_000);
    const signal = init.signal
      ? AbortSignal.any([init.signal, timeout])
      : timeout;
    this.#token ??= await this.#signIn(signal);
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.#token}`);
    return fetch(`${this.#baseUrl}${path}`, { ...init, headers, signal });
  }

  async #signIn(signal: AbortSignal): Promise<string> {
    const response = await fetch(`${this.#baseUrl}/api/auth/guest/refresh`, {
      method: 'POST',
      headers: { 'x-requested-with': 'XMLHttpRequest' },
      signal,
    });
    return tokenSchema.parse(await readJson(response, 'signing in as guest'))
      .backstageIdentity.token;
  }
}

async function readJson(response: Response, doing: string): Promise<unknown> {
  if (!response.ok) {
    const body = (await response.text()).slice(0, 500);
    throw new Error(`${doing}: the portal answered ${response.status} ${body}`);
  }
  return response.json();
}
