// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  PRIORITIES,
  type InboxRequest,
  type InboxResponse,
  type IncidentGroup,
  type IncidentsRequest,
  type IncidentsResponse,
  type ReportsRequest,
  type ReportsResponse,
} from '@greenroom/plugin-triage-common';
import { z } from 'zod';
import type { AlertStore } from '../database/AlertStore';
import type {
  IncidentFilter,
  IncidentScope,
  PageStart,
  SignatureCount,
} from '../database/IncidentQueries';
import type { IncidentStore } from '../database/IncidentStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { CatalogRepositories } from './CatalogRepositories';
import type { ChangeSignals } from './ChangeSignals';
import type { IncidentAccess, VisibleIncidents } from './IncidentAccess';
import { toRepositoryKey } from './Repository';
import { toIncident } from './toIncident';

const PAGE = 25;
const GROUPS = 100;
const INBOX = 100;

const cursorSchema = z.tuple([z.number(), z.string()]);

/** Lists of incidents, as far as the caller may see them. */
export class IncidentLists {
  readonly #access: IncidentAccess;
  readonly #alerts: AlertStore;
  readonly #catalog: CatalogRepositories;
  readonly #incidents: IncidentStore;
  readonly #reports: ReportStore;
  readonly #signals: ChangeSignals;
  readonly #userInfo: UserInfoService;

  constructor(options: {
    access: IncidentAccess;
    alerts: AlertStore;
    catalog: CatalogRepositories;
    incidents: IncidentStore;
    reports: ReportStore;
    signals: ChangeSignals;
    userInfo: UserInfoService;
  }) {
    this.#access = options.access;
    this.#alerts = options.alerts;
    this.#catalog = options.catalog;
    this.#incidents = options.incidents;
    this.#reports = options.reports;
    this.#signals = options.signals;
    this.#userInfo = options.userInfo;
  }

  /** @throws NotAllowedError, InputError */
  async listIncidents(
    credentials: BackstageCredentials,
    request: IncidentsRequest,
  ): Promise<IncidentsResponse> {
    const { entityRef, repository, kind, state, type } = request;
    const { branch, signature } = request;
    const asked: IncidentFilter = {
      kind,
      states: state && [state],
      type,
      branch,
      signature,
    };
    const visible = await this.#access.findVisible(credentials, asked);
    const scope = await this.#select(credentials, visible, {
      entityRef,
      repository,
    });
    const filter = { ...asked, scope };
    const { rows, nextCursor } = await this.#readPage(filter, request);
    return {
      items: await this.#describe(rows, visible),
      nextCursor,
      groups: await this.#group(filter),
      channel: this.#signals.channelOf(
        scope.repositories.length === 1 && scope.entityRefs.length === 0
          ? scope.repositories[0]
          : undefined,
      ),
    };
  }

  /** @throws NotAllowedError, InputError */
  async listReports(
    credentials: BackstageCredentials,
    request: ReportsRequest,
  ): Promise<ReportsResponse> {
    const visible = await this.#access.findVisible(credentials, {});
    const { rows, nextCursor } = await this.#readPage(
      { scope: visible.scope },
      request,
    );
    const reports = await this.#reports.findAll(rows.map(({ id }) => id));
    const incidents = await this.#describe(rows, visible);
    return {
      items: incidents.flatMap(incident => {
        const report = reports.get(incident.id);
        return report ? { incident, report } : [];
      }),
      nextCursor,
    };
  }

  /** @throws NotAllowedError */
  async getInbox(
    credentials: BackstageCredentials,
    { kind }: InboxRequest = {},
  ): Promise<InboxResponse> {
    const filter: IncidentFilter = { kind, states: ['new', 'acknowledged'] };
    const visible = await this.#access.findVisible(credentials, filter);
    const { scope } = visible;
    const rows = await this.#incidents.queries.list(
      { ...filter, scope },
      { limit: 5 * INBOX },
    );
    const { userEntityRef, ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    const isMine = (row: IncidentRow) =>
      row.assignee === userEntityRef ||
      visible.ownersOf(row).some(owner => ownershipEntityRefs.includes(owner));
    // A cause needs attention once, however often it struck.
    const seen = new Set<string>();
    const pressing = rows
      .filter(row => {
        const whose =
          row.kind === 'pipeline' ? toRepositoryKey(row) : row.entity_ref;
        const key = `${row.kind} ${whose} ${row.branch} ${row.signature ?? row.id}`;
        return !seen.has(key) && seen.add(key);
      })
      .map(row => ({ row, mine: isMine(row) }))
      .sort(
        (a, b) =>
          Number(b.mine) - Number(a.mine) ||
          rank(a.row) - rank(b.row) ||
          b.row.failed_at - a.row.failed_at,
      )
      .slice(0, INBOX);
    const items = await this.#describe(
      pressing.map(({ row }) => row),
      visible,
    );
    return {
      items: items.map((item, index) => ({
        ...item,
        mine: pressing[index].mine,
      })),
      channel: this.#signals.channelOf(),
    };
  }

  async #readPage(filter: IncidentFilter, request: ReportsRequest) {
    const { limit = PAGE, cursor } = request;
    const rows = await this.#incidents.queries.list(filter, {
      limit: limit + 1,
      after: cursor === undefined ? undefined : readCursor(cursor),
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page,
      nextCursor:
        rows.length > limit && last
          ? writeCursor({ failedAt: last.failed_at, id: last.id })
          : undefined,
    };
  }

  async #select(
    credentials: BackstageCredentials,
    visible: VisibleIncidents,
    { entityRef, repository }: { entityRef?: string; repository?: string },
  ): Promise<IncidentScope> {
    const owned =
      entityRef === undefined
        ? undefined
        : await this.#catalog.findByEntity(entityRef, credentials);
    const isSame = (a = '', b = '') =>
      a.localeCompare(b, 'en-US', { sensitivity: 'base' }) === 0;
    const isAsked = (each?: string) =>
      repository === undefined || isSame(each, repository);
    const { scope } = visible;
    return {
      repositories: scope.repositories.filter(
        each =>
          (entityRef === undefined ||
            (owned !== undefined &&
              isSame(each.repository, owned.repository) &&
              (owned.host === undefined || owned.host === each.host))) &&
          isAsked(each.repository),
      ),
      entityRefs: scope.entityRefs.filter(
        each =>
          (entityRef === undefined || isSame(each, entityRef)) &&
          isAsked(visible.repositoryOf(each)),
      ),
      unowned:
        scope.unowned && entityRef === undefined && repository === undefined,
    };
  }

  async #describe(rows: IncidentRow[], visible: VisibleIncidents) {
    const signatures = [
      ...new Set(rows.flatMap(({ signature }) => signature ?? [])),
    ];
    const counts = await this.#incidents.queries.countSignatures(
      { scope: visible.scope },
      signatures,
    );
    const alerts = await this.#alerts.findAll(
      rows.flatMap(({ id, kind }) => (kind === 'alert' ? id : [])),
    );
    const toKey = (signature: string | null, repository: string) =>
      `${signature} ${repository}`;
    const seen = new Map(
      counts.map(each => [toKey(each.signature, each.repository), each]),
    );
    return rows.map(row =>
      toIncident(row, {
        alert: alerts.get(row.id),
        entityRef: visible.entityRefOf(row),
        seen: seen.get(toKey(row.signature, row.repository)),
      }),
    );
  }

  async #group(filter: IncidentFilter): Promise<IncidentGroup[]> {
    const bySignature = new Map<string, SignatureCount[]>();
    for (const each of await this.#incidents.queries.countSignatures(filter)) {
      bySignature.set(each.signature, [
        ...(bySignature.get(each.signature) ?? []),
        each,
      ]);
    }
    const signatures = [...bySignature.keys()].slice(0, GROUPS);
    const newest = await this.#incidents.queries.listNewest(filter, signatures);
    return signatures.flatMap(signature => {
      const counts = bySignature.get(signature) ?? [];
      const row = newest.find(each => each.signature === signature);
      return row
        ? {
            signature,
            type: row.type ?? 'unknown',
            summary: row.title,
            count: counts.reduce((sum, { count }) => sum + count, 0),
            firstSeen: new Date(
              Math.min(...counts.map(({ first }) => first)),
            ).toISOString(),
            lastSeen: new Date(
              Math.max(...counts.map(({ last }) => last)),
            ).toISOString(),
            repositories: [
              ...new Set(counts.flatMap(({ repository }) => repository || [])),
            ],
          }
        : [];
    });
  }
}

function rank({ priority }: IncidentRow): number {
  const at = PRIORITIES.findIndex(each => each === priority);
  return at < 0 ? PRIORITIES.length : at;
}

function writeCursor({ failedAt, id }: PageStart): string {
  return Buffer.from(JSON.stringify([failedAt, id])).toString('base64url');
}

/** @throws InputError */
function readCursor(cursor: string): PageStart {
  try {
    const [failedAt, id] = cursorSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    return { failedAt, id };
  } catch {
    throw new InputError("'cursor' is not one of ours");
  }
}
