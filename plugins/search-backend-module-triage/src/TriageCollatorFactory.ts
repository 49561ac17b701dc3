// SPDX-License-Identifier: Apache-2.0
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { createPermission } from '@backstage/plugin-permission-common';
import type {
  DocumentCollatorFactory,
  IndexableDocument,
} from '@backstage/plugin-search-common';
import {
  reportsResponseSchema,
  triageReportReadPermission,
  type ReportsResponse,
} from '@greenroom/plugin-triage-common';
import { Readable } from 'node:stream';
import { toDocument } from './toDocument';

const PAGE = 50;
const MAX_DOCUMENTS = 10_000;
const TIMEOUT_MS = 30_000;

/**
 * `triage.report.read`, asked for each document's entity: a policy that answers
 * permissions of catalog entities with conditions filters what is found, too.
 */
const visibilityPermission = createPermission({
  name: triageReportReadPermission.name,
  attributes: triageReportReadPermission.attributes,
  resourceType: 'catalog-entity',
});

/** Makes documents of the newest report of each cause in each repository. */
export class TriageCollatorFactory implements DocumentCollatorFactory {
  readonly type = 'triage';
  readonly visibilityPermission = visibilityPermission;
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(options: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#collate());
  }

  async *#collate(): AsyncGenerator<IndexableDocument, void, undefined> {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await this.#fetchPage(cursor);
      for (const { incident, report } of page.items) {
        const { entityRef, repository, signature = incident.id } = incident;
        const cause = `${repository} ${signature}`;
        // What is no entity's is nobody's to find.
        if (entityRef && !seen.has(cause) && seen.size < MAX_DOCUMENTS) {
          seen.add(cause);
          yield toDocument({ ...incident, entityRef }, report);
        }
      }
      cursor = page.nextCursor;
    } while (cursor && seen.size < MAX_DOCUMENTS);
  }

  /** @throws ResponseError, ZodError; the index of before stays */
  async #fetchPage(cursor: string | undefined): Promise<ReportsResponse> {
    const [baseUrl, { token }] = await Promise.all([
      this.#discovery.getBaseUrl('triage'),
      this.#auth.getPluginRequestToken({
        onBehalfOf: await this.#auth.getOwnServiceCredentials(),
        targetPluginId: 'triage',
      }),
    ]);
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(cursor !== undefined && { cursor }),
    });
    const response = await fetch(`${baseUrl}/reports?${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return reportsResponseSchema.parse(await response.json());
  }
}
