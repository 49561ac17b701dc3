// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  PRIORITIES,
  type InboxResponse,
  type IncidentGroup,
  type IncidentsRequest,
  type IncidentsResponse,
  type ReportsRequest,
  type ReportsResponse,
} from '@greenroom/plugin-triage-common';
import { z } from 'zod';
import type {
  IncidentFilter,
  PageStart,
  SignatureCount,
} from '../database/IncidentQueries';
import type { IncidentStore } from '../database/IncidentStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { CatalogRepositories } from './CatalogRepositories';
import type { ChangeSignals } from './ChangeSignals';
import type { IncidentAccess, VisibleRepositories } from './IncidentAccess';
import { toRepositoryKey, type Repository } from './Repository';
import { toIncident } from './toIncident';

const PAGE = 25;
const GROUPS = 100;
const INBOX = 100;

const cursorSchema = z.tuple([z.number(), z.string()]);

/** Lists of incidents, as far as the caller may see them. */
export class IncidentLists {
  readonly #access: IncidentAccess;
  readonly #catalog: CatalogRepositories;
  readonly #incidents: IncidentStore;
  readonly #reports: ReportStore;
  readonly #signals: ChangeSignals;
  readonly #userInfo: UserInfoService;

  constructor(options: {
    access: IncidentAccess;
    catalog: CatalogRepositories;
    incidents: IncidentStore;
    reports: ReportStore;
    signals: ChangeSignals;
    userInfo: UserInfoService;
  }) {
    this.#access = options.access;
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
    const { entityRef, repository, state, type, branch, signature } = request;
    const asked: IncidentFilter = {
      states: state && [state],
      type,
      branch,
      signature,
    };
    const visible = await this.#access.findVisible(credentials, asked);
    const wanted = await this.#select(credentials, visible, {
      entityRef,
      repository,
    });
    const filter = { ...asked, repositories: wanted };
    const { rows, nextCursor } = await this.#readPage(filter, request);
    return {
      items: await this.#describe(rows, visible),
      nextCursor,
      groups: await this.#group(filter),
      channel: this.#signals.channelOf(
        wanted.length === 1 ? wanted[0] : undefined,
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
      { repositories: visible.repositories },
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
  async getInbox(credentials: BackstageCredentials): Promise<InboxResponse> {
    const filter: IncidentFilter = { states: ['new', 'acknowledged'] };
    const visible = await this.#access.findVisible(credentials, filter);
    const { repositories } = visible;
    const rows = await this.#incidents.queries.list(
      { ...filter, repositories },
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
        const key = `${toRepositoryKey(row)} ${row.branch} ${row.signature ?? row.id}`;
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
    visible: VisibleRepositories,
    { entityRef, repository }: { entityRef?: string; repository?: string },
  ): Promise<Repository[]> {
    const owned =
      entityRef === undefined
        ? undefined
        : await this.#catalog.findByEntity(entityRef, credentials);
    if (entityRef !== undefined && !owned) {
      return [];
    }
    const isSame = (a: string, b: string) =>
      a.localeCompare(b, 'en-US', { sensitivity: 'base' }) === 0;
    return visible.repositories.filter(
      each =>
        (!owned ||
          (isSame(each.repository, owned.repository) &&
            (owned.host === undefined || owned.host === each.host))) &&
        (repository === undefined || isSame(each.repository, repository)),
    );
  }

  async #describe(rows: IncidentRow[], visible: VisibleRepositories) {
    const signatures = [
      ...new Set(rows.flatMap(({ signature }) => signature ?? [])),
    ];
    const counts = await this.#incidents.queries.countSignatures(
      { repositories: visible.repositories },
      signatures,
    );
    const toKey = (signature: string | null, repository: string) =>
      `${signature} ${repository}`;
    const seen = new Map(
      counts.map(each => [toKey(each.signature, each.repository), each]),
    );
    return rows.map(row =>
      toIncident(row, {
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
              ...new Set(counts.map(({ repository }) => repository)),
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
