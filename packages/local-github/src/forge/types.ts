// SPDX-License-Identifier: Apache-2.0
import type { EventEmitter } from 'node:events';
import type { Database } from 'better-sqlite3';
import type { Router } from 'express';

/** A repository of forge; `gitDir` is the bare repository on disk. */
export interface ForgeRepository {
  id: number;
  owner: string;
  name: string;
  fullName: string;
  defaultBranch: string;
  private: boolean;
  gitDir: string;
}

/** Something that happened in forge, named as GitHub names its webhook events. */
export interface ForgeEvent {
  /** `push`, `pull_request`, `workflow_dispatch`, `repository_dispatch`, `workflow_run`, … */
  name: string;
  action?: string;
  repository: ForgeRepository;
  /** Login of who caused it. */
  sender: string;
  /** The webhook payload in GitHub's form. */
  payload: Record<string, unknown>;
}

export interface ForgeEventMap {
  event: [ForgeEvent];
}

/** Whom a job's GITHUB_TOKEN acts as; nobody else does. */
export const JOB_LOGIN = 'github-actions[bot]';

/** Whether a login is a job's or a GitHub App's: neither has an account, nor the right to change workflow files. */
export function isBot(login: string): boolean {
  return login.endsWith('[bot]');
}

/** A request's caller, after its token was checked. */
export interface ForgeCaller {
  login: string;
  /** Set for a job's GITHUB_TOKEN: the only repository it may touch. */
  repositoryId?: number;
  /** Set for a job's GITHUB_TOKEN, e.g. `{ contents: 'read' }`. */
  permissions?: Record<string, 'read' | 'write' | 'none'>;
}

/** A caller's access to a repository, weakest first: `none`, `read`, `write`, `admin`. */
export type AccessLevel = 'none' | 'read' | 'write' | 'admin';

/** What the parts of forge share; each part keeps its own tables in `db`. */
export interface ForgeContext {
  /** For example `http://localhost:3002`, `…/api/v3`, `…/api/graphql`; no trailing slash. */
  urls: { web: string; api: string; graphql: string };
  dataDir: string;
  db: Database;
  /** Emitting here also delivers the repository's signed webhooks. */
  events: EventEmitter<ForgeEventMap>;
  repositories: {
    find(owner: string, name: string): ForgeRepository | undefined;
    findById(id: number): ForgeRepository | undefined;
    list(): ForgeRepository[];
  };
  tokens: {
    /** Issues a token; `ttlSeconds` undefined means: until revoked. */
    issue(caller: ForgeCaller, ttlSeconds?: number): string;
    revoke(token: string): void;
    verify(token: string): ForgeCaller | undefined;
  };
  access: {
    /** What the caller (undefined = anonymous) may do with the repository as a whole. */
    level(
      caller: ForgeCaller | undefined,
      repository: ForgeRepository,
    ): AccessLevel;
  };
  /** Who looks at the pages: the person at this machine, signed in as the portal signs them in. */
  webViewer: ForgeCaller;
  /** GitHub's JSON of the things that payloads embed. */
  serialize: {
    repository(repository: ForgeRepository): Record<string, unknown>;
    minimalRepository(repository: ForgeRepository): Record<string, unknown>;
    user(login: string): Record<string, unknown>;
    headCommit(
      repository: ForgeRepository,
      sha: string,
    ): Promise<Record<string, unknown>>;
  };
  logger: {
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  };
}

/** The routers and the end of a module's life. */
export interface ForgeModuleInstance {
  /**
   * Mounted under `/api/v3` before forge's own "404 Not Found". Authentication has been done:
   * `getCaller(res)` (`http/authenticate.ts`) has the caller, and `findRepository` (`http/access.ts`)
   * resolves `:owner/:repo` with GitHub's 401, 403 and 404. JSON bodies are parsed (70 MB at most), other types are
   * left as streams.
   */
  apiRouter?: Router;
  /** Mounted under `/` before forge's own pages; `renderPage` (`web/layout.ts`) gives the frame. */
  webRouter?: Router;
  stop?(): Promise<void>;
}

/** A further part of GitHub that lives beside forge, for example Actions. */
export interface ForgeModule {
  /** Called once, after the database is open and before the server listens. */
  start(context: ForgeContext): ForgeModuleInstance;
}
